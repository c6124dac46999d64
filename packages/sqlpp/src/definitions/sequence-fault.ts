import { StatementError } from '../text/syntax-error.js';
import { faultReason } from './fault-reason.js';

/** Codes and texts of what is wrong with sequences. */
const FAULTS = {
  create: [19101, (name: string) => `Create failed for sequence '${name}'`],
  alter: [19102, (name: string) => `Alter failed for sequence '${name}'`],
  range: [19104, (range: string) => `Invalid range ${range}`],
  cache: [19105, (size: string) => `Invalid cache value ${size}`],
  not_found: [19106, (name: string) => `Sequence '${name}' not found`],
  duplicate: [19108, (name: string) => `Sequence '${name}' already exists`],
  invalid_name: [19113, (name: string) => `Invalid sequence name '${name}'`],
  read_only: [19114, () => 'Sequences cannot be used in read-only requests'],
  exhausted: [19111, (name: string) => `Sequence '${name}' has reached its limit`],
  name_parts: [19116, (name: string) => `Sequence name resolves to '${name}' - check query_context?`],
} as const satisfies Record<string, readonly [number, (about: string) => string]>;

export type SequenceFault = keyof typeof FAULTS;

/** Returns an error about sequences, with the one that it comes from. */
export function sequenceFault(fault: SequenceFault, about: string, cause?: StatementError): StatementError {
  const [code, text] = FAULTS[fault];
  return new StatementError(code, text(about), undefined, cause && faultReason(cause));
}

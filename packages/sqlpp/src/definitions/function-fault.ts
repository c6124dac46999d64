import type { ErrorReason } from '../text/error-reason.js';
import { StatementError } from '../text/syntax-error.js';

/** Codes and texts of what is wrong with functions of users. */
const FAULTS = {
  missing: [10101, (name: string) => `Function '${name}' not found`],
  duplicate: [10102, (name: string) => `Function '${name}' already exists`],
  internal: [
    10103,
    (what: string) =>
      `Operation on function encountered an unexpected error: ${what}. Please collect the failing statement and contact support`,
  ],
  mismatching: [10104, (name: string) => `Incorrect number of arguments supplied to function '${name}'`],
  name: [10105, (name: string) => `Invalid function name '${name}'`],
  disabled: [10108, (language: string) => `${language} functions are disabled`],
  execution: [10109, (name: string) => `Error executing function '${name}' `],
  nested: [10112, (name: string) => `Error executing function '${name}': ${NESTED_MAX} nested calls`],
} as const satisfies Record<string, readonly [number, (about: string) => string]>;

/** Number of calls of functions inside of one another. */
export const NESTED_MAX = 128;

/** Returns an error about functions of users. */
export function functionFault(fault: keyof typeof FAULTS, about: string, reason?: ErrorReason): StatementError {
  const [code, text] = FAULTS[fault];
  return new StatementError(code, text(about), undefined, reason);
}

import { parseArgs } from 'node:util';
import { FAULT_KINDS, type FaultKind } from './faults.js';

/** What `npm run simulate` is asked to do. */
export interface SimulateArguments {
  /** Replays this one. */
  readonly seed: number | undefined;
  /** Runs fresh seeds for so long. */
  readonly minutes: number | undefined;
  readonly episodes: number | undefined;
  readonly kinds: readonly FaultKind[];
  readonly without: ReadonlySet<number>;
  readonly shrinks: boolean;
  /** Lines of trace before a failure; Infinity for all. */
  readonly lines: number;
}

export const USAGE = `npm run simulate -- --seed N        replays a seed, with the trace before the failure
                  --minutes M     runs fresh seeds for so long
                  --shrink        with --seed: leaves out what the failure does not need
                  --episodes N    so many times of load and faults (default 8)
                  --faults a,b    only these kinds: ${FAULT_KINDS.join(', ')}
                  --without 0,3   without these faults, counted from 0
                  --lines N       lines of trace before the failure (default 150), or "all"`;

/** @throws Error that says what is wrong. */
export function simulateArguments(args: readonly string[]): SimulateArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      minutes: { type: 'string' },
      episodes: { type: 'string' },
      faults: { type: 'string' },
      without: { type: 'string' },
      lines: { type: 'string' },
      shrink: { type: 'boolean' },
    },
  });
  const { seed, minutes, episodes, faults, without, lines, shrink } = values;
  if ((seed === undefined) === (minutes === undefined)) throw new Error('give either --seed or --minutes');
  return {
    seed: seed === undefined ? undefined : wholeNumber('seed', seed),
    minutes: minutes === undefined ? undefined : positive('minutes', minutes),
    episodes: episodes === undefined ? undefined : wholeNumber('episodes', episodes),
    kinds: faults === undefined ? FAULT_KINDS : listed(faults).map(faultKind),
    without: new Set(without === undefined ? [] : listed(without).map((each) => wholeNumber('without', each))),
    shrinks: shrink ?? false,
    lines: lines === 'all' ? Number.POSITIVE_INFINITY : wholeNumber('lines', lines ?? '150'),
  };
}

function listed(text: string): string[] {
  return text.split(',').filter((each) => each !== '');
}

function faultKind(name: string): FaultKind {
  const found = FAULT_KINDS.find((kind) => kind === name);
  if (found === undefined) throw new Error(`there is no fault ${JSON.stringify(name)}, only ${FAULT_KINDS.join(', ')}`);
  return found;
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} must be a whole number, not ${JSON.stringify(text)}`);
  return Number(text);
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0, not ${JSON.stringify(text)}`);
  return value;
}

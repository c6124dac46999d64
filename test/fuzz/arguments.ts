import { parseArgs } from 'node:util';
import { PARTS, type Part } from './fuzzers.js';

/** What `npm run fuzz` is asked to do. */
export interface FuzzArguments {
  readonly parts: readonly Part[];
  /** Replays this one. */
  readonly seed: number | undefined;
  /** How many mutations of each part. */
  readonly mutations: number;
}

const MUTATIONS_DEFAULT = 1_000_000;

export const USAGE = `npm run fuzz --                  a million mutations of each part, with fresh seeds
                --part P        only this one: ${PARTS.join(', ')}
                --mutations N   so many of each part
                --seed N        replays one seed; needs --part`;

/** @throws Error that says what is wrong. */
export function fuzzArguments(args: readonly string[]): FuzzArguments {
  const { values } = parseArgs({
    args: [...args],
    options: { part: { type: 'string' }, seed: { type: 'string' }, mutations: { type: 'string' } },
  });
  const { part, seed, mutations } = values;
  if (seed !== undefined && part === undefined) throw new Error('--seed needs --part');
  return {
    parts: part === undefined ? PARTS : [namedPart(part)],
    seed: seed === undefined ? undefined : wholeNumber('seed', seed),
    mutations: mutations === undefined ? MUTATIONS_DEFAULT : wholeNumber('mutations', mutations),
  };
}

function namedPart(name: string): Part {
  const found = PARTS.find((part) => part === name);
  if (found === undefined) throw new Error(`there is no part ${JSON.stringify(name)}, only ${PARTS.join(', ')}`);
  return found;
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} must be a whole number, not ${JSON.stringify(text)}`);
  return Number(text);
}

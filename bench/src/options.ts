import { parseArgs } from 'node:util';
import { CONTENDERS, type ContenderName, SERVER_KINDS, type ServerKind } from './contender.js';
import { SCENE_NAMES, type SceneName } from './scene-titles.js';

/** What a run is made of; each can be left out. */
export const PARTS = ['layers', 'scenes', 'shape', 'queries'] as const;
export type Part = (typeof PARTS)[number];

/** What is asked for on the command line. */
export interface Options {
  readonly quick: boolean;
  /** The micro-benchmarks instead of all else. */
  readonly micro: boolean;
  readonly parts: readonly Part[];
  readonly rounds: number;
  readonly json: string | undefined;
  /** Where the plots go. */
  readonly plots: string | undefined;
  /** Where each process leaves its CPU profile. */
  readonly profile: string | undefined;
  readonly contenders: readonly ContenderName[] | undefined;
  readonly servers: readonly ServerKind[] | undefined;
  readonly scenes: readonly SceneName[] | undefined;
  readonly help: boolean;
}

const ROUNDS = 5;
const ROUNDS_QUICK = 3;
const ROUNDS_MAX = 1000;

const CONTENDER_NAMES = Object.keys(CONTENDERS) as ContenderName[];

export const USAGE = `npm run bench -- [options]

  --quick             a small size that takes some seconds: shows that everything runs, not how fast
  --rounds N          measured rounds (${ROUNDS}; quick: ${ROUNDS_QUICK})
  --json FILE         also write everything as JSON
  --plots DIR         also draw throughput and latencies (SVG); needs the part shape
  --parts LIST        only these, with commas: ${PARTS.join(', ')}
  --contenders LIST   of the layers only these, with commas: ${CONTENDER_NAMES.join(', ')}
  --servers LIST      of the layers only these, with commas: ${SERVER_KINDS.join(', ')}
  --scenes LIST       of the scenes only these, with commas: ${SCENE_NAMES.join(', ')}
  --profile DIR       write a CPU profile of every client and every embedded cluster
  --micro             the hot files one by one instead of whole clients`;

/** @throws Error for options that there are not, or with values that make no sense. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      micro: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      parts: { type: 'string' },
      json: { type: 'string' },
      plots: { type: 'string' },
      profile: { type: 'string' },
      contenders: { type: 'string' },
      servers: { type: 'string' },
      scenes: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { quick, micro, json, plots, profile, help } = values;
  const parts = listOf(values.parts, 'parts', PARTS) ?? PARTS;
  if (plots !== undefined && !parts.includes('shape')) throw new Error('--plots needs the part shape');
  return {
    quick,
    micro,
    parts,
    rounds: roundsOf(values.rounds, quick),
    json,
    plots,
    profile,
    contenders: listOf(values.contenders, 'contenders', CONTENDER_NAMES),
    servers: listOf(values.servers, 'servers', SERVER_KINDS),
    scenes: listOf(values.scenes, 'scenes', SCENE_NAMES),
    help,
  };
}

function roundsOf(text: string | undefined, quick: boolean): number {
  if (text === undefined) return quick ? ROUNDS_QUICK : ROUNDS;
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1 && rounds <= ROUNDS_MAX) return rounds;
  throw new Error(`--rounds must be a whole number from 1 to ${ROUNDS_MAX}, not ${text}`);
}

function listOf<T extends string>(text: string | undefined, option: string, known: readonly T[]): T[] | undefined {
  return text?.split(',').map((name) => {
    const found = known.find((one) => one === name);
    if (found === undefined)
      throw new Error(`--${option} has no ${name || 'empty name'}; it takes ${known.join(', ')}`);
    return found;
  });
}

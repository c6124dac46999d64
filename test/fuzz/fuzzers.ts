import { fuzzAnswers } from './answer-fuzz.js';
import type { Donors } from './donors.js';
import { fuzzFrames } from './frame-fuzz.js';
import type { FuzzOptions, FuzzReport } from './fuzz-report.js';
import { fuzzRequests } from './request-fuzz.js';
import { fuzzRows } from './row-fuzz.js';
import { fuzzStatements } from './statement-fuzz.js';

/** One thing that is fed with what it should not get. */
interface Fuzzer {
  readonly run: (options: FuzzOptions) => Promise<FuzzReport>;
  readonly donors: (donors: Donors) => readonly Buffer[];
}

export const FUZZERS = {
  /** Mutated answers against the client. */
  answers: { run: fuzzAnswers, donors: ({ answers }) => answers },
  /** Mutated requests against the embedded cluster. */
  requests: { run: fuzzRequests, donors: ({ requests }) => requests },
  /** Mutated answers of the HTTP services against the client. */
  rows: { run: fuzzRows, donors: () => [] },
  /** Mutated streams of both against the parser. */
  frames: { run: fuzzFrames, donors: ({ requests, answers }) => [...requests, ...answers] },
  /** Mutated and generated statements against the query engine. */
  statements: { run: fuzzStatements, donors: () => [] },
} as const satisfies Record<string, Fuzzer>;

export type Part = keyof typeof FUZZERS;
export const PARTS = Object.keys(FUZZERS) as readonly Part[];

/** Of one life, after which everything begins again. */
export const MUTATIONS_PER_SEED = 500;

/** A seed that fails, and how to see it again. */
export interface Failure {
  readonly seed: number;
  readonly message: string;
}

/** What many seeds came to. */
export interface Campaign {
  readonly seeds: number;
  readonly mutations: number;
  readonly calls: number;
  readonly failures: readonly Failure[];
}

/** A run that fails so often has found one thing. */
const FAILURES_MAX = 3;

/** Runs one seed. */
export function runSeed(part: Part, seed: number, donors: Donors): Promise<FuzzReport> {
  const { run, donors: pick } = FUZZERS[part];
  return run({ seed, mutations: MUTATIONS_PER_SEED, donors: pick(donors) });
}

/** Runs seeds from a base on, until there are enough mutations. */
export async function runCampaign(part: Part, base: number, wanted: number, donors: Donors): Promise<Campaign> {
  let mutations = 0;
  let calls = 0;
  let seeds = 0;
  const failures: Failure[] = [];
  for (; mutations < wanted && failures.length < FAILURES_MAX; seeds++) {
    const report = await runSeed(part, base + seeds, donors);
    mutations += report.mutations;
    calls += report.calls;
    if (report.faults.length > 0) failures.push({ seed: report.seed, message: describe(part, report) });
  }
  return { seeds, mutations, calls, failures };
}

/** The faults of a seed, and the command that shows them again. */
export function describe(part: Part, { seed, faults }: FuzzReport): string {
  const shown = [...new Set(faults)].slice(0, 5).join('\n  ');
  return `npm run fuzz -- --part ${part} --seed ${seed}\n  ${shown}`;
}

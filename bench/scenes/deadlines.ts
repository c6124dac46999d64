import { fileURLToPath } from 'node:url';
import { startClusterProgram } from '../src/servers/embedded.js';
import type { BusyWork, DeadlinesArgs, DeadlinesLap } from './deadlines-program.js';
import type { SceneOptions, SceneResult } from './scene.js';
import { SideLaps, withOfficialSdk } from './sides.js';
import type { WaitingSide } from './waiting-client.js';

const SERVER = fileURLToPath(new URL('./deadlines-server-program.js', import.meta.url));

const SIZES = {
  full: { operations: 200, timeoutsMs: [100, 1000], blockMs: 2000, reads: 1000 },
  quick: { operations: 10, timeoutsMs: [20, 100], blockMs: 300, reads: 100 },
} as const;

interface BusyCase {
  readonly what: string;
  readonly work: BusyWork;
}

const CASES = {
  busyServer: {
    what: 'a web server with 20 keep-alive connections, where each request takes 8 ms of work',
    work: { kind: 'web server', connections: 20, workMs: 8 },
  },
  longTurns: {
    what: 'an application that works for 60 ms in every turn of the event loop',
    work: { kind: 'turns', workMs: 60 },
  },
} as const satisfies Readonly<Record<string, BusyCase>>;

export type BusyName = keyof typeof CASES;

/** How long after their deadline operations that are not answered end, while the event loop is busy. */
export function deadlines(name: BusyName): (options: SceneOptions) => Promise<SceneResult> {
  return async (options) => {
    const { what, work } = CASES[name];
    const { laps, notes } = await measure(options, work, what);
    return {
      unit: 'ms, 99 of 100',
      rounds: laps.rounds((lap) => lap.lateMs.p99),
      notes: [
        ...notes,
        `By how much gets that are not answered end after their deadline, in ${what}.`,
        `Half of them: ${laps.medians((lap) => lap.lateMs.p50, 0)} ms; the last: ${laps.medians((lap) => lap.lateMs.most, 0)} ms.`,
        `A turn of the event loop took ${laps.medians((lap) => lap.turnMs.mean, 0)} ms; the longest ${laps.medians((lap) => lap.turnMs.longest, 0)} ms.`,
      ],
    };
  };
}

/** How many answers are lost that come while the event loop is blocked for longer than the deadline. */
export async function afterBlock(options: SceneOptions): Promise<SceneResult> {
  const { blockMs, reads } = options.quick ? SIZES.quick : SIZES.full;
  const { laps, notes } = await measure(
    options,
    { kind: 'block' },
    'answers that come while the event loop is blocked',
  );
  return {
    unit: `of ${reads} answers lost`,
    rounds: laps.rounds((lap) => lap.lost),
    notes: [
      ...notes,
      `${reads} gets of 1 KB are sent, and the event loop is blocked for ${blockMs} ms, twice their timeout. The server answers in that time.`,
    ],
  };
}

async function measure(
  { rounds, quick, progress }: SceneOptions,
  work: BusyWork,
  what: string,
): Promise<{ readonly laps: SideLaps<WaitingSide, DeadlinesLap>; readonly notes: readonly string[] }> {
  const { sides, notes } = withOfficialSdk<WaitingSide>(['raw', 'promise']);
  progress(what);
  await using cluster = await startClusterProgram([SERVER]);
  const { address } = cluster;
  const size = quick ? SIZES.quick : SIZES.full;
  const argsOf = (side: WaitingSide): DeadlinesArgs => ({ ...size, side, work, server: address });
  return { laps: await SideLaps.measure<WaitingSide, DeadlinesLap>('deadlines-program', sides, rounds, argsOf), notes };
}

import type { ContenderName } from '../src/contender.js';
import type { Load } from '../src/load.js';
import { spreadOf } from '../src/statistics.js';
import { inTurns } from '../src/turns.js';
import type { ContenderArgs, ContenderLap } from './contender-program.js';
import { startDocumentsServer } from './documents-server.js';
import { runProgram } from './program.js';
import type { SceneOptions } from './scene.js';
import { withOfficialSdk } from './sides.js';

/** How long operations of one client take. */
export interface LatencyCurve {
  readonly side: LatencySide;
  readonly inFlight: number;
  readonly points: readonly LatencyPoint[];
}

export interface LatencyPoint {
  /** The share of all operations, in percent. */
  readonly percentile: number;
  /** None of them took longer, in microseconds: the median of the rounds. */
  readonly usecs: number;
}

export interface Latency {
  readonly curves: readonly LatencyCurve[];
  readonly notes: readonly string[];
}

export type LatencySide = 'raw' | 'promise' | 'official-sdk';

const PERCENTILES = [1, 5, 10, 25, 50, 75, 90, 95, 99, 99.5, 99.9];
const IN_FLIGHTS = [1, 256];

/** Operations of a lap, with one and with many in flight. The share of the slowest takes some thousands. */
const OPERATIONS: Readonly<Record<LatencySide, readonly [one: number, many: number]>> = {
  raw: [15_000, 100_000],
  promise: [15_000, 100_000],
  'official-sdk': [6000, 20_000],
};
const QUICK_DIVISOR = 20;

/** How the latencies of gets are distributed, one after the other and with many in flight. */
export async function latency({ rounds, quick, progress }: SceneOptions): Promise<Latency> {
  const { sides, notes } = withOfficialSdk<LatencySide>(['raw', 'promise']);
  progress(`latencies of gets, ${IN_FLIGHTS.join(' and ')} in flight`);
  await using server = await startDocumentsServer();
  const laps = await inTurns(sides, rounds, (side) => {
    const loads = IN_FLIGHTS.map((inFlight) => loadOf(side, inFlight, quick));
    const ranks = PERCENTILES.map((percentile) => percentile / 100);
    const args: ContenderArgs = { contender: side satisfies ContenderName, server: server.address, loads, ranks };
    return runProgram<readonly ContenderLap[]>('contender-program', args);
  });
  const curves = [...laps].flatMap(([side, rounds]) =>
    IN_FLIGHTS.map((inFlight, load) => ({ side, inFlight, points: pointsOf(rounds.map((round) => round[load]!)) })),
  );
  return {
    curves,
    notes: [
      ...notes,
      'Gets of 1,024 bytes of JSON, parsed, from one node, as medians of the rounds. With many in flight the operations wait for each other: the latency is that number over the throughput.',
    ],
  };
}

function loadOf(side: LatencySide, inFlight: number, quick: boolean): Load {
  const [one, many] = OPERATIONS[side];
  const operations = inFlight === 1 ? one : many;
  return { operation: 'get', operations: quick ? operations / QUICK_DIVISOR : operations, inFlight };
}

function pointsOf(laps: readonly ContenderLap[]): LatencyPoint[] {
  return PERCENTILES.map((percentile, place) => ({
    percentile,
    usecs: spreadOf(laps.map(({ usecs }) => usecs[place]!)).median,
  }));
}

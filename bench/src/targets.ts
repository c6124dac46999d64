import type { Evidence, LapsOf } from './evidence.js';
import type { Lap } from './lane.js';
import type { SceneName } from './scene-titles.js';
import type { Spread } from './statistics.js';

/** The two APIs that have targets. */
export type Side = 'raw' | 'promise';
export const SIDES: readonly Side[] = ['raw', 'promise'];

/** A limit that the median is to keep. */
export type Goal = { readonly atLeast: number } | { readonly atMost: number };

/** One number that is aimed at. */
interface Target {
  readonly workload: string;
  /** What the number is; ratios have no unit. */
  readonly what: string;
  readonly goals: Readonly<Partial<Record<Side, Goal>>>;
  readonly measure: (evidence: Evidence, side: Side) => Spread | undefined;
}

/** A target and what came of it. */
export interface Outcome {
  readonly workload: string;
  readonly what: string;
  readonly sides: Readonly<
    Partial<Record<Side, { readonly goal: Goal; readonly measured: Spread; readonly met: boolean }>>
  >;
}

const EMBEDDED = 'embedded cluster';
const GET: LapsOf = { group: EMBEDDED, operation: 'get', inFlight: 256 };
const GET_ONE: LapsOf = { group: EMBEDDED, operation: 'get', inFlight: 1 };
const UPSERT: LapsOf = { group: EMBEDDED, operation: 'upsert', inFlight: 256 };
const UPSERT_ONE: LapsOf = { group: EMBEDDED, operation: 'upsert', inFlight: 1 };
const SECURE_GET: LapsOf = { group: 'embedded cluster with TLS', operation: 'get', inFlight: 256 };
const SECURE_GET_ONE: LapsOf = { group: 'embedded cluster with TLS', operation: 'get', inFlight: 1 };
const GET_MULTI: LapsOf = { group: 'embedded cluster of 4 nodes', operation: 'getMulti', inFlight: 1000 };
const MEMCACHED_GET: LapsOf = { group: 'memcached', operation: 'get', inFlight: 512 };
const MEMCACHED_BYTES: LapsOf = { group: 'memcached', operation: 'getBytes', inFlight: 512 };

/** Those that `get` at memcached and redis is compared with. */
const RIVALS = ['memjs', 'ioredis', 'node-redis'] as const;

const speed = (lap: Lap): number => lap.operationsPerSecond;
const cpu = (lap: Lap): number => lap.clientCpuUsecs;
const p50 = (lap: Lap): number | undefined => lap.p50Usecs;

/** Clusters that make some requests wait, and how many times what the official SDK gets done we are to get done. */
const WAITING: readonly (readonly [scene: SceneName, workload: string, what: string, factor: number])[] = [
  ['fewFromDisk', 'get of 8 KB, 78 % of them on disk only, 64 in flight', 'operations/s', 2],
  ['manyFromDisk', 'the same, 256 in flight', 'operations/s', 2],
  ['majority', 'upsert for a majority, 256 in flight, three nodes', 'operations/s', 1.2],
  ['persist', 'upsert persisted by a majority, 256 in flight, three nodes', 'operations/s', 1.2],
  ['manyDurable', 'upsert for a majority, 64 in flight, next to 64 gets, replicas 20 ms behind', 'operations/s', 1.2],
  ['besideDurable', 'get, 256 in flight, next to 16 durable upserts in flight', 'operations/s', 4],
  ['frozenReplica', 'get, while a durable upsert waits for a frozen replica', 'operations/s', 1],
  ['pendingVbucket', 'get, while one of them waits for a pending vbucket', 'operations/s', 1],
];

const TARGETS: readonly Target[] = [
  {
    workload: 'get, 1 KB JSON parsed, 256 in flight, against the official SDK',
    what: 'operations/s',
    goals: { raw: { atLeast: 20 }, promise: { atLeast: 17 } },
    measure: (evidence, side) => evidence.ratio(GET, side, 'official-sdk', speed),
  },
  {
    workload: 'the same',
    what: 'CPU per operation',
    goals: { raw: { atMost: 1 / 25 }, promise: { atMost: 1 / 20 } },
    measure: (evidence, side) => evidence.ratio(GET, side, 'official-sdk', cpu),
  },
  {
    workload: 'the same, one after the other',
    what: 'p50 latency',
    goals: { raw: { atMost: 0.45 }, promise: { atMost: 0.5 } },
    measure: (evidence, side) => evidence.ratio(GET_ONE, side, 'official-sdk', p50),
  },
  {
    workload: 'upsert, 1 KB JSON, 256 in flight, against the official SDK',
    what: 'operations/s',
    goals: { raw: { atLeast: 15 }, promise: { atLeast: 13 } },
    measure: (evidence, side) => evidence.ratio(UPSERT, side, 'official-sdk', speed),
  },
  {
    workload: 'get with TLS, 1 KB JSON parsed, 256 in flight, against the official SDK',
    what: 'operations/s',
    goals: { raw: { atLeast: 10 }, promise: { atLeast: 10 } },
    measure: (evidence, side) => evidence.ratio(SECURE_GET, side, 'official-sdk', speed),
  },
  {
    workload: 'the same',
    what: 'CPU per operation',
    goals: { raw: { atMost: 1 / 15 }, promise: { atMost: 1 / 15 } },
    measure: (evidence, side) => evidence.ratio(SECURE_GET, side, 'official-sdk', cpu),
  },
  {
    workload: 'the same, one after the other',
    what: 'p50 latency',
    goals: { raw: { atMost: 0.45 }, promise: { atMost: 0.5 } },
    measure: (evidence, side) => evidence.ratio(SECURE_GET_ONE, side, 'official-sdk', p50),
  },
  {
    workload: 'get, one after the other, against the socket floor',
    what: 'p50 latency',
    goals: { raw: { atMost: 1.05 }, promise: { atMost: 1.05 } },
    measure: (evidence, side) => evidence.ratio(GET_ONE, side, 'socket-floor', p50),
  },
  {
    workload: 'the same, against the socket floor and JSON.parse',
    what: 'p50 latency',
    goals: { raw: { atMost: 1.05 }, promise: { atMost: 1.05 } },
    measure: (evidence, side) => evidence.ratio(GET_ONE, side, 'json-floor', p50),
  },
  {
    workload: 'upsert, one after the other, against the socket floor',
    what: 'p50 latency',
    goals: { raw: { atMost: 1.05 }, promise: { atMost: 1.05 } },
    measure: (evidence, side) => evidence.ratio(UPSERT_ONE, side, 'socket-floor', p50),
  },
  {
    workload: 'the same, against the socket floor and JSON.stringify',
    what: 'p50 latency',
    goals: { raw: { atMost: 1.05 }, promise: { atMost: 1.05 } },
    measure: (evidence, side) => evidence.ratio(UPSERT_ONE, side, 'json-floor', p50),
  },
  {
    workload: 'get, 256 in flight, against the socket floor and JSON.parse',
    what: 'CPU per operation',
    goals: { raw: { atMost: 1.15 }, promise: { atMost: 1.25 } },
    measure: (evidence, side) => evidence.ratio(GET, side, 'json-floor', cpu),
  },
  {
    workload: 'upsert, 256 in flight, against the socket floor and JSON.stringify',
    what: 'CPU per operation',
    goals: { raw: { atMost: 1.15 }, promise: { atMost: 1.25 } },
    measure: (evidence, side) => evidence.ratio(UPSERT, side, 'json-floor', cpu),
  },
  {
    workload: 'getMulti of 1,000 keys over 4 nodes, against 1,000 gets of the official SDK',
    what: 'keys/s',
    goals: { promise: { atLeast: 20 } },
    measure: (evidence, side) => evidence.ratio(GET_MULTI, side, 'official-sdk', speed),
  },
  {
    workload: 'get at memcached, values as bytes, 512 in flight, share of the socket floor',
    what: 'operations/s',
    goals: { raw: { atLeast: 0.6 }, promise: { atLeast: 0.55 } },
    measure: (evidence, side) => evidence.ratio(MEMCACHED_BYTES, side, 'socket-floor', speed),
  },
  {
    workload: 'the same, values parsed',
    what: 'operations/s',
    goals: { raw: { atLeast: 0.6 }, promise: { atLeast: 0.55 } },
    measure: (evidence, side) => evidence.ratio(MEMCACHED_GET, side, 'socket-floor', speed),
  },
  {
    workload: 'promise as a share of raw: get, 256 in flight',
    what: 'operations/s',
    goals: { promise: { atLeast: 0.85 } },
    measure: (evidence, side) => evidence.ratio(GET, side, 'raw', speed),
  },
  {
    workload: 'get, 512 in flight, against the fastest of memjs (memcached), ioredis and redis (redis-server)',
    what: 'operations/s',
    goals: { raw: { atLeast: 3 }, promise: { atLeast: 2.5 } },
    measure: (evidence, side) => leastOf(RIVALS.map((rival) => evidence.ratio(MEMCACHED_GET, side, rival, speed))),
  },
  {
    workload: 'view rows streamed, against JSON.parse of the whole body',
    what: 'rows/s',
    goals: { raw: { atLeast: 1.2 }, promise: { atLeast: 1 } },
    measure: (evidence, side) => evidence.sceneRatio('viewRows', side, 'json-parse'),
  },
  {
    workload: 'view rows streamed, against viewQuery of the official SDK',
    what: 'rows/s',
    goals: { raw: { atLeast: 3 }, promise: { atLeast: 2.5 } },
    measure: (evidence, side) => evidence.sceneRatio('viewRows', side, 'official-sdk'),
  },
  {
    workload: 'heap growth while 1 GB of view rows is streamed',
    what: 'MB',
    goals: { raw: { atMost: 32 }, promise: { atMost: 32 } },
    measure: (evidence, side) => evidence.scene('streamMemory', side),
  },
  {
    workload: 'import and first operation on a running server, against the official SDK',
    what: 'time',
    goals: { raw: { atMost: 0.3 }, promise: { atMost: 0.3 } },
    measure: (evidence, side) => evidence.sceneRatio('startUp', side, 'official-sdk'),
  },
  {
    workload: 'memory held by 10,000 operations in flight, beyond keys and values',
    what: 'MB',
    goals: { raw: { atMost: 4 }, promise: { atMost: 8 } },
    measure: (evidence, side) => evidence.scene('heldMemory', side),
  },
  {
    workload:
      'by how much a get that is not answered ends after its deadline, in a web server with 20 connections and 8 ms of work a request',
    what: 'p99 in ms',
    goals: { raw: { atMost: 250 }, promise: { atMost: 250 } },
    measure: (evidence, side) => evidence.scene('busyServer', side),
  },
  {
    workload: 'the same, while every turn of the event loop takes 60 ms',
    what: 'p99 in ms',
    goals: { raw: { atMost: 250 }, promise: { atMost: 250 } },
    measure: (evidence, side) => evidence.scene('longTurns', side),
  },
  {
    workload: '1,000 answers that come while the event loop is blocked for twice their timeout',
    what: 'answers lost',
    goals: { raw: { atMost: 0 }, promise: { atMost: 0 } },
    measure: (evidence, side) => evidence.scene('afterBlock', side),
  },
  ...WAITING.map(
    ([scene, workload, what, factor]): Target => ({
      workload: `${workload}, against the official SDK`,
      what,
      goals: { raw: { atLeast: factor }, promise: { atLeast: factor } },
      measure: (evidence, side) => evidence.sceneRatio(scene, side, 'official-sdk'),
    }),
  ),
];

/** All targets, with what was measured; those of which nothing was measured are left out. */
export function outcomesOf(evidence: Evidence): Outcome[] {
  return TARGETS.map(({ workload, what, goals, measure }) => {
    const sides: Record<string, Outcome['sides'][Side]> = {};
    for (const side of SIDES) {
      const goal = goals[side];
      const measured = goal && measure(evidence, side);
      if (goal && measured) sides[side] = { goal, measured, met: isMet(goal, measured) };
    }
    return { workload, what, sides };
  }).filter(({ sides }) => Object.keys(sides).length > 0);
}

function isMet(goal: Goal, { median }: Spread): boolean {
  return 'atLeast' in goal ? median >= goal.atLeast : median <= goal.atMost;
}

/** Against the fastest is the smallest of the ratios. */
function leastOf(ratios: readonly (Spread | undefined)[]): Spread | undefined {
  const known = ratios.filter((ratio) => ratio !== undefined);
  return known.sort((a, b) => a.median - b.median)[0];
}

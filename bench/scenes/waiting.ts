import { fileURLToPath } from 'node:url';
import { startClusterProgram } from '../src/servers/embedded.js';
import type { SceneOptions, SceneResult } from './scene.js';
import { SideLaps, withOfficialSdk } from './sides.js';
import type { WaitingSide } from './waiting-client.js';
import type { WaitingArgs, WaitingLap, WaitingWork } from './waiting-program.js';
import type { WaitingServerArgs } from './waiting-server-program.js';

const SERVER = fileURLToPath(new URL('./waiting-server-program.js', import.meta.url));

const SIZES = {
  full: { measuredMs: 2000, warmUpMs: 1000 },
  quick: { measuredMs: 150, warmUpMs: 50 },
};

/** A cluster that makes some requests wait, and what is asked of it in that time. */
interface WaitingCase {
  readonly what: string;
  readonly server: WaitingServerArgs;
  readonly work: Partial<WaitingWork>;
  readonly counts: 'gets' | 'upserts';
}

/** What bounds all sides alike where operations wait for the server most of their time. */
const CEILING =
  'Nobody can do more than the number in flight over the time that one of them waits in the server: the longer that is, the less the clients differ.';

const WORK: WaitingWork = { readers: 0, writers: 0, durability: 'none', documents: 1000, valueBytes: 100 };
/** As where 22 % of the documents are in memory. A connection to a node has 32 requests wait at a time, as in a real server. */
const DISK = { nodes: 3, replicas: 0, readLagMs: 1, evictionRatio: 0.78 };
const REPLICAS = { nodes: 2, replicas: 1, replicationLagMs: 20 };

const CASES = {
  fewFromDisk: {
    what: 'gets of 8 KB, 64 in flight, three nodes, 78 % of the documents on disk only, where a read takes a millisecond',
    server: { options: DISK },
    work: { readers: 64, documents: 4000, valueBytes: 8000 },
    counts: 'gets',
  },
  manyFromDisk: {
    what: 'the same, 256 in flight',
    server: { options: DISK },
    work: { readers: 256, documents: 4000, valueBytes: 8000 },
    counts: 'gets',
  },
  majority: {
    what: 'upserts for a majority, 256 in flight, three nodes, replicas 1 ms behind',
    server: { options: { nodes: 3, replicas: 2, replicationLagMs: 1 } },
    work: { writers: 256, durability: 'majority' },
    counts: 'upserts',
  },
  persist: {
    what: 'upserts persisted by a majority, 256 in flight, three nodes, replicas and disk 1 ms behind',
    server: { options: { nodes: 3, replicas: 2, replicationLagMs: 1, persistenceLagMs: 1 } },
    work: { writers: 256, durability: 'persistToMajority' },
    counts: 'upserts',
  },
  besideDurable: {
    what: 'gets, 256 in flight, next to 16 upserts for a majority in flight, two nodes, replicas 20 ms behind',
    server: { options: REPLICAS },
    work: { readers: 256, writers: 16, durability: 'majority' },
    counts: 'gets',
  },
  manyDurable: {
    what: 'upserts for a majority, 64 in flight, next to 64 gets in flight, two nodes, replicas 20 ms behind',
    server: { options: REPLICAS },
    work: { readers: 64, writers: 64, durability: 'majority' },
    counts: 'upserts',
  },
  frozenReplica: {
    what: 'gets at a node, 64 in flight, while a durable upsert there waits for a replica whose node hangs',
    server: { options: REPLICAS, trouble: 'last node hangs' },
    work: { readers: 64, waits: 'upsert' },
    counts: 'gets',
  },
  pendingVbucket: {
    what: 'gets at a node, 64 in flight, while a get there waits for a vbucket that is pending',
    server: { options: {}, trouble: 'vbucket 0 is pending' },
    work: { readers: 64, waits: 'get' },
    counts: 'gets',
  },
} as const satisfies Readonly<Record<string, WaitingCase>>;

export type WaitingName = keyof typeof CASES;

/** What each side gets done while a cluster makes some of its requests wait. */
export function waiting(name: WaitingName): (options: SceneOptions) => Promise<SceneResult> {
  return (options) => measure(CASES[name], options);
}

async function measure({ what, server, work, counts }: WaitingCase, options: SceneOptions): Promise<SceneResult> {
  const { sides, notes } = withOfficialSdk<WaitingSide>(['raw', 'promise']);
  options.progress(what);
  await using cluster = await startClusterProgram([SERVER, JSON.stringify(server)]);
  const { address, pid } = cluster;
  const nodes = server.options.nodes ?? 1;
  const size = options.quick ? SIZES.quick : SIZES.full;
  const argsOf = (side: WaitingSide): WaitingArgs => ({ ...WORK, ...work, ...size, side, server: address, pid, nodes });
  const laps = await SideLaps.measure<WaitingSide, WaitingLap>('waiting-program', sides, options.rounds, argsOf);
  const isReading = counts === 'gets';
  return {
    unit: `${isReading ? 'gets' : 'durable upserts'}/s`,
    rounds: laps.rounds((lap) => (isReading ? lap.getsPerSecond : lap.upsertsPerSecond)),
    notes: [
      ...notes,
      `${what[0]!.toUpperCase()}${what.slice(1)}. The cluster is in a process of its own, which all sides share, one after the other.`,
      CEILING,
      `Operations that failed: ${laps.medians((lap) => lap.failed, 0)}.`,
      ...(work.readers !== undefined && work.writers !== undefined
        ? [
            `Next to them, ${isReading ? 'upserts' : 'gets'}/s: ${laps.medians((lap) => (isReading ? lap.upsertsPerSecond : lap.getsPerSecond), 0)}.`,
          ]
        : []),
      ...(isReading
        ? [`Longest time without an answer, in milliseconds: ${laps.medians((lap) => lap.silentMs, 0)}.`]
        : []),
    ],
  };
}

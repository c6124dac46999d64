import { type ContenderName, contenderInfo, type ServerKind } from './contender.js';
import type { Load } from './load.js';
import type { Options } from './options.js';
import { missingPackage } from './rival.js';
import { installedVersion } from './servers/installed.js';

/** One contender at one kind of server. */
export interface LanePlan {
  readonly contender: ContenderName;
  readonly server: ServerKind;
  /** How many nodes an embedded cluster has. Default 1. */
  readonly nodes?: number;
  /** Whether it is spoken to through TLS. Default false. */
  readonly secure?: boolean;
}

export type Workload = Pick<Load, 'operation' | 'inFlight'>;

/** Lanes that are compared with each other on the same workloads. */
export interface GroupPlan {
  readonly title: string;
  readonly lanes: readonly LanePlan[];
  readonly workloads: readonly Workload[];
}

export interface Plan {
  readonly groups: readonly GroupPlan[];
  /** What is left out, and why. */
  readonly notes: readonly string[];
}

const GROUPS: readonly GroupPlan[] = [
  {
    title: 'embedded cluster',
    lanes: [
      { contender: 'socket-floor', server: 'embedded' },
      { contender: 'raw', server: 'embedded' },
      { contender: 'promise', server: 'embedded' },
      { contender: 'official-sdk', server: 'embedded' },
      { contender: 'json-floor', server: 'embedded' },
    ],
    workloads: workloads(256),
  },
  {
    title: 'embedded cluster with TLS',
    lanes: [
      { contender: 'raw', server: 'embedded', secure: true },
      { contender: 'promise', server: 'embedded', secure: true },
      { contender: 'official-sdk', server: 'embedded', secure: true },
    ],
    workloads: [
      { operation: 'get', inFlight: 1 },
      { operation: 'get', inFlight: 256 },
    ],
  },
  {
    title: 'embedded cluster of 4 nodes',
    lanes: [
      { contender: 'raw', server: 'embedded', nodes: 4 },
      { contender: 'promise', server: 'embedded', nodes: 4 },
      { contender: 'official-sdk', server: 'embedded', nodes: 4 },
    ],
    workloads: [{ operation: 'getMulti', inFlight: 1000 }],
  },
  {
    title: 'memcached',
    lanes: [
      { contender: 'socket-floor', server: 'memcached' },
      { contender: 'raw', server: 'memcached' },
      { contender: 'promise', server: 'memcached' },
      { contender: 'memjs', server: 'memcached' },
      { contender: 'ioredis', server: 'redis' },
      { contender: 'node-redis', server: 'redis' },
    ],
    workloads: workloads(512, 'getBytes'),
  },
];

/** How much smaller the laps of the quick size are. */
const QUICK_DIVISOR = 40;
const OPERATIONS_MIN = 100;

/** What can be measured on this machine of what is asked for. */
export function makePlan({ contenders, servers }: Options): Plan {
  const notes = new Set<string>();
  const groups = GROUPS.map((group) => ({
    ...group,
    lanes: group.lanes.filter(({ contender, server }) => {
      if (contenders !== undefined && !contenders.includes(contender)) return false;
      if (servers !== undefined && !servers.includes(server)) return false;
      const missing = missingServer(server) ?? missingPackage(contender);
      if (missing !== undefined) notes.add(missing);
      return missing === undefined;
    }),
  }));
  return { groups: groups.filter(({ lanes }) => lanes.length > 0), notes: [...notes] };
}

/** Operations of one lap: fixed beforehand, whatever the machine. */
export function operationsOf({ contender }: LanePlan, { operation, inFlight }: Workload, quick: boolean): number {
  const { sequential, concurrent } = contenderInfo(contender).operations;
  const gets = inFlight === 1 ? sequential : concurrent;
  const operations = operation === 'upsert' ? gets / 2 : gets;
  return quick ? Math.max(Math.floor(operations / QUICK_DIVISOR), inFlight, OPERATIONS_MIN) : operations;
}

function workloads(inFlight: number, ...more: readonly Workload['operation'][]): readonly Workload[] {
  return [
    { operation: 'get', inFlight: 1 },
    { operation: 'get', inFlight },
    ...more.map((operation) => ({ operation, inFlight })),
    { operation: 'upsert', inFlight: 1 },
    { operation: 'upsert', inFlight },
  ];
}

function missingServer(server: ServerKind): string | undefined {
  if (server === 'embedded') return undefined;
  const program = server === 'redis' ? 'redis-server' : 'memcached';
  return installedVersion(program) === undefined ? `${program} is not installed: left out.` : undefined;
}

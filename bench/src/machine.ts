import { cpus, release, totalmem, type } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuTimeOfMachine } from './cpu-time.js';
import { beerAt } from './documents.js';
import { versionOf } from './rival.js';
import { installedVersion } from './servers/installed.js';
import { spreadOf } from './statistics.js';

/** What the numbers of a run depend on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  /** Of Node and of whatever else took part. */
  readonly versions: Readonly<Record<string, string>>;
  /** Cores that others used in the second before the start. */
  readonly busyCores: number;
  /** Microseconds that `JSON.parse` of one document takes on its own. */
  readonly parseUsecs: number;
}

/** With more than this many cores in use by others, a run says nothing. */
const BUSY_CORES_MAX = 0.1;
const SAMPLE_MS = 1000;

/** Looks at the machine. A busy one is given until `patienceMs` have passed to come to rest. */
export async function describeMachine(patienceMs: number): Promise<Machine> {
  const deadline = performance.now() + patienceMs;
  let busyCores = await sampleBusyCores();
  while (busyCores > BUSY_CORES_MAX && performance.now() < deadline) busyCores = await sampleBusyCores();
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    versions: versions(),
    busyCores,
    parseUsecs: parseUsecs(),
  };
}

export function isTooBusy({ busyCores }: Machine): boolean {
  return busyCores > BUSY_CORES_MAX;
}

async function sampleBusyCores(): Promise<number> {
  const before = cpuTimeOfMachine();
  const begunAt = performance.now();
  await sleep(SAMPLE_MS);
  return (cpuTimeOfMachine() - before) / 1000 / (performance.now() - begunAt);
}

function versions(): Record<string, string> {
  const found = {
    node: process.versions.node,
    v8: process.versions.v8,
    '@cb/raw': versionOf('@cb/raw'),
    couchbase: versionOf('couchbase'),
    memjs: versionOf('memjs'),
    ioredis: versionOf('ioredis'),
    redis: versionOf('redis'),
    memcached: installedVersion('memcached'),
    'redis-server': installedVersion('redis-server'),
  };
  return Object.fromEntries(Object.entries(found).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function parseUsecs(): number {
  const text = JSON.stringify(beerAt(0));
  const rounds = Array.from({ length: 7 }, () => {
    const begunAt = performance.now();
    let sum = 0;
    for (let count = 0; count < 10_000; count++) sum += JSON.parse(text).serial;
    if (sum !== 10_000 * beerAt(0).serial) throw new Error('JSON.parse has lost a document');
    return (performance.now() - begunAt) / 10;
  });
  return spreadOf(rounds).median;
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Result, ValueResult } from '@cb/raw';
import type { ServerAddress } from '../src/contender.js';
import { openBucket as openPromise } from '../src/contenders/promise.js';
import { openBucket as openRaw } from '../src/contenders/raw.js';
import { type Beer, beerAt, keyAt } from '../src/documents.js';
import { expectedSum } from '../src/load.js';
import { megabytesNeeded } from './memory.js';
import { programBody } from './program-body.js';

export interface HeldMemoryArgs {
  readonly side: 'raw' | 'promise';
  readonly operation: 'get' | 'upsert';
  readonly server: ServerAddress;
  /** The server's process. */
  readonly pid: number;
  readonly operations: number;
}

export interface HeldMemoryLap {
  readonly heldMb: number;
}

/** Begins so many operations at once. What it gives waits for them, and resolves with what their results add up to. */
type Burst = (operations: number) => () => Promise<number>;

/** As nobody answers for a while, the deadline is late. */
const TIMEOUT_MS = 60_000;
/** Operations at a time before the measured ones: code is compiled, but no queue has grown. */
const WARM_UP = 100;
const WARM_UPS = 50;
/** Until everything is written that can be. */
const WRITTEN_MS = 100;

await programBody<HeldMemoryArgs, HeldMemoryLap>(async ({ side, operation, server, pid, operations }) => {
  const patient = { ...server, connectionString: `${server.connectionString}?operation_timeout=${TIMEOUT_MS}` };
  const burst = await (side === 'raw' ? rawBurst : promiseBurst)(operation, patient);
  const check = (sum: number, count: number): void => {
    const expected = expectedSum({ operation, operations: count, inFlight: count });
    if (sum !== expected) throw new Error(`${count} operations add up to ${sum} instead of ${expected}`);
  };
  for (let time = 0; time < WARM_UPS; time++) check(await burst(WARM_UP)(), WARM_UP);
  const before = megabytesNeeded();
  process.kill(pid, 'SIGSTOP');
  try {
    const settled = burst(operations);
    await sleep(WRITTEN_MS);
    const heldMb = megabytesNeeded() - before;
    process.kill(pid, 'SIGCONT');
    check(await settled(), operations);
    return { heldMb };
  } finally {
    process.kill(pid, 'SIGCONT');
  }
});

async function rawBurst(operation: HeldMemoryArgs['operation'], server: ServerAddress): Promise<Burst> {
  const bucket = await openRaw(server);
  let left = 0;
  let sum = 0;
  let settle: { resolve(sum: number): void; reject(error: Error): void } | undefined;
  const done = (consumed: number): void => {
    sum += consumed;
    if (--left === 0) settle!.resolve(sum);
  };
  const onValue = ({ value }: ValueResult<Beer>): void => done(value.serial);
  const onStored = ({ success }: Result): void => done(success ? 1 : 0);
  const onError = (_result: unknown, _class: unknown, error: Error): void => settle!.reject(error);
  const begin = {
    get: (index: number) => bucket.get<Beer>(keyAt(index)).setCallbacks(onValue, onError),
    upsert: (index: number) => bucket.upsert(keyAt(index), beerAt(index)).setCallbacks(onStored, onError),
  }[operation];
  return (operations) => {
    left = operations;
    sum = 0;
    const settled = new Promise<number>((resolve, reject) => {
      settle = { resolve, reject };
    });
    for (let index = 0; index < operations; index++) begin(index);
    return () => settled;
  };
}

async function promiseBurst(operation: HeldMemoryArgs['operation'], server: ServerAddress): Promise<Burst> {
  const bucket = await openPromise(server);
  const gets = (operations: number): (() => Promise<number>) => {
    const begun = Array.from({ length: operations }, (_none, index) => bucket.get<Beer>(keyAt(index)));
    return async () => (await Promise.all(begun)).reduce((sum, { value }) => sum + value.serial, 0);
  };
  const upserts = (operations: number): (() => Promise<number>) => {
    const begun = Array.from({ length: operations }, (_none, index) => bucket.upsert(keyAt(index), beerAt(index)));
    return async () => (await Promise.all(begun)).filter(({ success }) => success).length;
  };
  return operation === 'get' ? gets : upserts;
}

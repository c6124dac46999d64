import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ServerAddress } from '../src/contender.js';
import { openBucket as openPromise } from '../src/contenders/promise.js';
import { openBucket as openRaw } from '../src/contenders/raw.js';
import { loadRival } from '../src/rival.js';
import { programBody } from './program-body.js';
import type { WaitingSide } from './waiting-client.js';

/** What else the application does. */
export type BusyWork =
  | { readonly kind: 'web server'; readonly connections: number; readonly workMs: number }
  | { readonly kind: 'turns'; readonly workMs: number }
  | { readonly kind: 'block' };

export interface DeadlinesArgs {
  readonly side: WaitingSide;
  readonly server: ServerAddress;
  readonly work: BusyWork;
  /** Gets that are not answered. */
  readonly operations: number;
  /** The shortest and the longest of their timeouts. */
  readonly timeoutsMs: readonly [shortest: number, longest: number];
  /** For how long the event loop is blocked, and how many gets are answered then. */
  readonly blockMs: number;
  readonly reads: number;
}

export interface DeadlinesLap {
  /** Milliseconds from the deadline to the end. */
  readonly lateMs: { readonly p50: number; readonly p99: number; readonly most: number };
  /** How long turns of the event loop took, in milliseconds. */
  readonly turnMs: { readonly mean: number; readonly longest: number };
  /** Answers that came and were not delivered. */
  readonly lost: number;
}

/** Reads; rejects when there is no answer within the timeout. */
type Get = (key: string, timeoutMs: number) => Promise<unknown>;

const LOAD = fileURLToPath(new URL('./deadlines-load-program.js', import.meta.url));
const KEY = 'document';
const VALUE_BYTES = 1000;
const WARM_UP_MS = 300;
/** Gets that are begun together, each with a timeout of its own: a pause takes a turn at least, and turns are long. */
const TOGETHER = 8;
/** From some gets to the next; not a multiple of a turn. */
const PAUSE_MS = 13;
const PAUSES_MAX_MS = 37;

const NOT_MEASURED = { lateMs: { p50: 0, p99: 0, most: 0 }, turnMs: { mean: 0, longest: 0 } };

await programBody<DeadlinesArgs, DeadlinesLap>(async (args) => {
  const { work } = args;
  const get = await open(args.side, args.server);
  if (work.kind === 'block') return { ...NOT_MEASURED, ...(await block(get, args)) };
  const stop = await keepBusy(work);
  await sleep(WARM_UP_MS);
  const turns = countTurns();
  const lateMs = await outlast(get, args);
  const turnMs = turns.end();
  stop();
  return { lateMs, turnMs, lost: 0 };
});

async function open(side: WaitingSide, server: ServerAddress): Promise<Get> {
  if (side === 'promise') {
    const bucket = await openPromise(server);
    await bucket.upsert(KEY, 'x'.repeat(VALUE_BYTES));
    return (key, timeout) => bucket.get(key, { timeout });
  }
  if (side === 'official-sdk') return await openOfficial(server);
  const bucket = await openRaw(server);
  const get: Get = (key, timeout) =>
    new Promise((resolve, reject) => {
      bucket.get(key, { timeout }).setCallbacks(resolve, (_result, _class, error) => reject(error));
    });
  await new Promise<void>((resolve, reject) => {
    bucket.upsert(KEY, 'x'.repeat(VALUE_BYTES)).setCallbacks(
      () => resolve(),
      (_result, _class, error) => reject(error),
    );
  });
  return get;
}

interface Couchbase {
  connect(connectionString: string, options: { username: string; password: string }): Promise<Cluster>;
}

interface Cluster {
  bucket(name: string): { defaultCollection(): Collection };
}

interface Collection {
  get(key: string, options: { timeout: number }): Promise<unknown>;
  upsert(key: string, value: unknown): Promise<unknown>;
}

async function openOfficial({ connectionString, username, password, bucket }: ServerAddress): Promise<Get> {
  const { connect } = await loadRival<Couchbase>('couchbase');
  const cluster = await connect(connectionString, { username, password });
  const collection = cluster.bucket(bucket).defaultCollection();
  await collection.upsert(KEY, 'x'.repeat(VALUE_BYTES));
  return (key, timeout) => collection.get(key, { timeout });
}

function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** Begins the work; gives the function that ends it. */
async function keepBusy(busy: Exclude<BusyWork, { kind: 'block' }>): Promise<() => void> {
  if (busy.kind === 'turns') {
    let isOver = false;
    const next = (): void => {
      work(busy.workMs);
      if (!isOver) setImmediate(next);
    };
    setImmediate(next);
    return () => {
      isOver = true;
    };
  }
  const server = createServer((_request, response) => {
    work(busy.workMs);
    response.end('done');
  }).listen(0, '127.0.0.1');
  // However slow the load is, its connections stay.
  server.keepAliveTimeout = 0;
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const load = spawn(process.execPath, [LOAD, String(port), String(busy.connections)], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  return () => {
    if (load.exitCode !== null) throw new Error('the load of the web server ended early');
    load.kill();
  };
}

function countTurns(): { end(): DeadlinesLap['turnMs'] } {
  const begunAt = performance.now();
  let turns = 0;
  let longest = 0;
  let before = begunAt;
  let isOver = false;
  const next = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - before);
    before = now;
    turns++;
    if (!isOver) setImmediate(next);
  };
  setImmediate(next);
  return {
    end() {
      isOver = true;
      return { mean: (before - begunAt) / turns, longest };
    },
  };
}

/** Gets that are not answered, some begun after the others: how late each of them ends. */
async function outlast(get: Get, { operations, timeoutsMs }: DeadlinesArgs): Promise<DeadlinesLap['lateMs']> {
  const [shortest, longest] = timeoutsMs;
  const lateMs: number[] = [];
  const ended: Promise<void>[] = [];
  for (let index = 0; index < operations; index++) {
    const timeoutMs = Math.round(shortest + ((longest - shortest) * index) / operations);
    const deadline = performance.now() + timeoutMs;
    const note = (): void => void lateMs.push(performance.now() - deadline);
    ended.push(get(`silent-${index}`, timeoutMs).then(() => Promise.reject(new Error('it was answered')), note));
    if (index % TOGETHER === TOGETHER - 1) await sleep(PAUSE_MS + (index % PAUSES_MAX_MS));
  }
  await Promise.all(ended);
  lateMs.sort((a, b) => a - b);
  const at = (share: number): number => lateMs[Math.min(lateMs.length - 1, Math.floor(share * lateMs.length))]!;
  return { p50: at(0.5), p99: at(0.99), most: lateMs.at(-1)! };
}

async function block(get: Get, { blockMs, reads }: DeadlinesArgs): Promise<Pick<DeadlinesLap, 'lost'>> {
  const all = Array.from({ length: reads }, () => get(KEY, blockMs / 2));
  const settled = Promise.allSettled(all);
  await turn();
  work(blockMs);
  return { lost: (await settled).filter(({ status }) => status === 'rejected').length };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { vbucketOf } from '@cb/protocol';
import type { ServerAddress } from '../src/contender.js';
import { programBody } from './program-body.js';
import { type Durability, openWaitingClient, type WaitingClient, type WaitingSide } from './waiting-client.js';

/** What is asked of the cluster. */
export interface WaitingWork {
  /** Gets always in flight, of documents that nobody writes. */
  readonly readers: number;
  /** Durable upserts always in flight. */
  readonly writers: number;
  readonly durability: Durability;
  readonly documents: number;
  readonly valueBytes: number;
  /** One operation that waits is begun together with the trouble: a durable upsert, or a get in vbucket 0. */
  readonly waits?: 'upsert' | 'get' | undefined;
}

export interface WaitingArgs extends WaitingWork {
  readonly side: WaitingSide;
  readonly server: ServerAddress;
  readonly pid: number;
  readonly nodes: number;
  /** Milliseconds that are measured, and before that those in which code is compiled. */
  readonly measuredMs: number;
  readonly warmUpMs: number;
}

export interface WaitingLap {
  readonly getsPerSecond: number;
  readonly upsertsPerSecond: number;
  /** Operations that failed while it was measured. */
  readonly failed: number;
  /** The longest time without any answer to a get, in milliseconds. */
  readonly silentMs: number;
}

/** Those of embedded clusters that do not say otherwise. */
const VBUCKETS = 64;
const FILL_IN_FLIGHT = 64;
const SAMPLE_MS = 50;
/** Without any success for so long, there is none. */
const PATIENCE_MS = 10_000;

/** Operations that follow each other, so many of them always in flight. */
class Stream {
  succeeded = 0;
  failed = 0;
  silentMs = 0;
  #index = 0;
  #endedAt = performance.now();
  #isOver = false;
  readonly #begin: (index: number, ended: (error: Error | undefined) => void) => void;

  constructor(inFlight: number, begin: (index: number, ended: (error: Error | undefined) => void) => void) {
    this.#begin = begin;
    for (let count = 0; count < inFlight; count++) this.#next();
  }

  reset(): void {
    this.succeeded = 0;
    this.failed = 0;
    this.silentMs = 0;
    this.#endedAt = performance.now();
  }

  /** Takes note of a silence that has not ended. */
  look(): void {
    this.silentMs = Math.max(this.silentMs, performance.now() - this.#endedAt);
  }

  end(): void {
    this.#isOver = true;
  }

  readonly #ended = (error: Error | undefined): void => {
    if (error === undefined) {
      this.succeeded++;
      this.look();
      this.#endedAt = performance.now();
    } else {
      this.failed++;
    }
    this.#next();
  };

  #next(): void {
    if (!this.#isOver) this.#begin(this.#index++, this.#ended);
  }
}

await programBody<WaitingArgs, WaitingLap>(async (args) => {
  const { side, server, pid, readers, writers, durability, measuredMs, warmUpMs, waits } = args;
  const client = await openWaitingClient(side, server);
  const keys = keysOf(args);
  const value = { text: 'x'.repeat(args.valueBytes) };
  await fill(client, keys, value);
  const gets = new Stream(readers, (index, ended) => client.get(keys[(index * 7919) % keys.length]!, ended));
  const upserts = new Stream(writers, (index, ended) => client.upsert(`written:${index}`, value, durability, ended));
  await sleep(warmUpMs);
  if (waits !== undefined) {
    process.kill(pid, 'SIGUSR2');
    // The signal is there before what is sent next.
    await sleep(50);
    if (waits === 'get') client.get(waitingKey(args), () => {});
    else client.upsert(waitingKey(args), value, 'majority', () => {});
  }
  gets.reset();
  upserts.reset();
  const from = performance.now();
  const counted = readers > 0 ? gets : upserts;
  // On a busy machine a short time may pass without a turn: one without any success is not over, for as long as it matters.
  do await sleep(Math.min(measuredMs, SAMPLE_MS));
  while (performance.now() - from < (counted.succeeded > 0 ? measuredMs : PATIENCE_MS));
  const seconds = (performance.now() - from) / 1000;
  gets.look();
  const lap = {
    getsPerSecond: gets.succeeded / seconds,
    upsertsPerSecond: upserts.succeeded / seconds,
    failed: gets.failed + upserts.failed,
    silentMs: gets.silentMs,
  };
  gets.end();
  upserts.end();
  if (waits !== undefined) process.kill(pid, 'SIGUSR2');
  await client.close();
  return lap;
});

/** Documents that nothing is wrong with: those of the first node when the last one hangs, and none of vbucket 0. */
function keysOf({ documents, nodes, waits }: WaitingArgs): readonly string[] {
  const keys: string[] = [];
  for (let index = 0; keys.length < documents; index++) {
    const key = `document:${index}`;
    const vbucket = vbucketOf(key, VBUCKETS);
    if (waits === undefined || (vbucket !== 0 && vbucket % nodes === 0)) keys.push(key);
  }
  return keys;
}

/** One in vbucket 0, which is on the first node. */
function waitingKey({ side }: WaitingArgs): string {
  for (let index = 0; ; index++) {
    const key = `waiting:${side}:${index}`;
    if (vbucketOf(key, VBUCKETS) === 0) return key;
  }
}

function fill(client: WaitingClient, keys: readonly string[], value: object): Promise<void> {
  return new Promise((resolve, reject) => {
    let begun = 0;
    let stored = 0;
    const ended = (error: Error | undefined): void => {
      if (error !== undefined) reject(error);
      else if (++stored === keys.length) resolve();
      else if (begun < keys.length) next();
    };
    const next = (): void => client.upsert(keys[begun++]!, value, 'none', ended);
    for (let count = Math.min(FILL_IN_FLIGHT, keys.length); count > 0; count--) next();
  });
}

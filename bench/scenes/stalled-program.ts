import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { vbucketOf } from '@cb/protocol';
import { RawBucket, type ValueResult } from '@cb/raw';
import type { ServerAddress } from '../src/contender.js';
import { programBody } from './program-body.js';

export interface StalledArgs {
  readonly server: ServerAddress;
  /** The server's process, which disturbs its last node when it is told to. */
  readonly pid: number;
  /** What is offered to that node: gets, or upserts of values of so many bytes. */
  readonly valueBytes: number | undefined;
  /** Milliseconds of each phase that has no end by itself. */
  readonly phaseMs: number;
  /** Of all operations, and how many may wait. */
  readonly timeoutMs: number;
  readonly queueMax: number;
}

export interface StalledLap {
  /** Operations per second at the other nodes, phase by phase. */
  readonly rates: Readonly<Record<Phase, number>>;
  /** The longest time without any answer from the others while the node was disturbed, in milliseconds. */
  readonly silentMs: number;
  /** The most that the process grew in that time. */
  readonly grownMb: number;
  readonly offered: number;
  readonly refused: number;
  readonly succeeded: number;
  readonly failed: number;
}

/**
 * Nothing is disturbed; nothing is offered to the disturbed node; it is offered as much as the client takes, until it
 * refuses; the client is full; the first operations there are given up, and as many more are offered as it takes.
 */
export type Phase = 'before' | 'idle' | 'filling' | 'full' | 'failing';

const KEYS = 4000;
const IN_FLIGHT = 256;
/** Offered in one turn of the event loop: others have the next one. */
const OFFERED_AT_ONCE = 64;
const SAMPLE_MS = 20;
const MEGABYTE = 2 ** 20;
const FILL_MS_MAX = 60_000;

interface Document {
  readonly n: number;
  readonly text: string;
}

/** Gets at the other nodes, so many in flight, each of which is checked. */
class Others {
  answered = 0;
  silentMs = 0;
  #failure: Error | undefined = undefined;
  readonly #bucket: RawBucket;
  readonly #keys: ReadonlyMap<string, number>;
  readonly #names: readonly string[];
  #begun = 0;
  #answeredAt = performance.now();
  #isOver = false;

  constructor(bucket: RawBucket, keys: ReadonlyMap<string, number>) {
    this.#bucket = bucket;
    this.#keys = keys;
    this.#names = [...keys.keys()];
    for (let count = 0; count < IN_FLIGHT; count++) this.#next();
  }

  end(): void {
    this.#isOver = true;
    if (this.#failure !== undefined) throw this.#failure;
  }

  readonly #onValue = ({ key, value }: ValueResult<Document>): void => {
    const now = performance.now();
    if (now - this.#answeredAt > this.silentMs) this.silentMs = now - this.#answeredAt;
    this.#answeredAt = now;
    if (value.n !== this.#keys.get(key)) this.#failure = new Error(`${key} has ${value.n}`);
    this.answered++;
    this.#next();
  };

  readonly #onError = (_result: unknown, _class: unknown, error: Error): void => {
    this.#failure = error;
  };

  #next(): void {
    if (this.#isOver) return;
    const key = this.#names[this.#begun++ % this.#names.length]!;
    this.#bucket.get<Document>(key).setCallbacks(this.#onValue, this.#onError);
  }
}

/** Offers operations to the disturbed node: as many as the client takes, and when it refuses one, more when it has room. */
class Offers {
  offered = 0;
  refused = 0;
  succeeded = 0;
  failed = 0;
  readonly #bucket: RawBucket;
  readonly #begin: (index: number) => ReturnType<RawBucket['get']> | ReturnType<RawBucket['upsert']>;
  #isFull = false;
  #isOver = false;

  constructor(bucket: RawBucket, keys: readonly string[], value: Document | undefined) {
    this.#bucket = bucket;
    const keyAt = (index: number): string => keys[index % keys.length]!;
    this.#begin =
      value === undefined ? (index) => bucket.get(keyAt(index)) : (index) => bucket.upsert(keyAt(index), value);
  }

  async run(): Promise<void> {
    while (!this.#isOver) {
      for (let count = 0; count < OFFERED_AT_ONCE && !this.#isFull; count++) {
        this.#begin(this.offered++).setCallbacks(this.#onSuccess, this.#onFailure);
      }
      await turn();
      if (!this.#isFull) continue;
      await new Promise<void>((resolve, reject) => {
        const drained = this.#bucket.drained();
        drained.setCallbacks(
          () => resolve(),
          (_result, _class, error) => reject(error),
        );
      });
      this.#isFull = false;
    }
  }

  /** Resolves when all that was offered is settled. */
  async end(): Promise<void> {
    this.#isOver = true;
    while (this.succeeded + this.failed + this.refused < this.offered) await sleep(SAMPLE_MS);
  }

  readonly #onSuccess = (): void => {
    this.succeeded++;
  };

  readonly #onFailure = (_result: unknown, _class: unknown, { code }: { readonly code: string }): void => {
    if (code === 'queue_full') {
      this.refused++;
      this.#isFull = true;
    } else {
      this.failed++;
    }
  };
}

await programBody<StalledArgs, StalledLap>(async (args) => {
  const { server, pid, valueBytes, phaseMs, timeoutMs: timeout, queueMax } = args;
  const { connectionString, bucket: name, username, password } = server;
  const bucket = new RawBucket(connectionString, { bucket: name, username, password, timeout, queueMax });
  await settled(bucket.connect());
  const map = bucket.clusterMap!;
  const keys = Array.from({ length: KEYS }, (_none, index) => `key:${index}`);
  const disturbedNode = map.kvNodes.length - 1;
  const isThere = (key: string): boolean => map.activeOf(vbucketOf(key, map.vbuckets)) === disturbedNode;
  const text = 'x'.repeat(1000);
  // Not what is measured: a slow machine may take its time.
  await settled(bucket.upsertMulti(new Map(keys.map((key, n) => [key, { n, text }])), { timeout: FILL_MS_MAX }));
  const elsewhere = keys.flatMap((key, n): [string, number][] => (isThere(key) ? [] : [[key, n]]));
  const others = new Others(bucket, new Map(elsewhere));
  const value = valueBytes === undefined ? undefined : { n: 0, text: 'y'.repeat(valueBytes) };
  const offers = new Offers(bucket, keys.filter(isThere), value);
  const rates = new Map<Phase, number>();
  const phase = async (name: Phase, isOver: (ms: number) => boolean): Promise<void> => {
    const before = others.answered;
    const begunAt = performance.now();
    // On a busy machine a short phase may pass without a turn: one without any answer is not over.
    while (!isOver(performance.now() - begunAt) || others.answered === before) await sleep(SAMPLE_MS);
    rates.set(name, ((others.answered - before) / (performance.now() - begunAt)) * 1000);
  };
  const timed = (ms: number): boolean => ms >= phaseMs;
  // Code is compiled.
  await sleep(phaseMs);
  await phase('before', timed);
  let mostBytes = 0;
  const bytesBefore = process.memoryUsage.rss();
  const samples = setInterval(() => {
    mostBytes = Math.max(mostBytes, process.memoryUsage.rss());
  }, SAMPLE_MS);
  process.kill(pid, 'SIGUSR2');
  others.silentMs = 0;
  await phase('idle', timed);
  const offering = offers.run();
  await phase('filling', () => offers.refused > 0);
  await phase('full', (ms) => offers.failed > 0 || (offers.succeeded > 0 && timed(ms)));
  await phase('failing', (ms) => ms >= 4 * phaseMs);
  const { silentMs } = others;
  clearInterval(samples);
  process.kill(pid, 'SIGUSR2');
  await offers.end();
  await offering;
  others.end();
  bucket.destroy();
  const { offered, refused, succeeded, failed } = offers;
  return {
    rates: Object.fromEntries(rates) as Record<Phase, number>,
    silentMs,
    grownMb: (mostBytes - bytesBefore) / MEGABYTE,
    ...{ offered, refused, succeeded, failed },
  };
});

function settled(result: {
  setCallbacks(done: () => void, failed: (...args: [unknown, unknown, Error]) => void): void;
}): Promise<void> {
  return new Promise((resolve, reject) => {
    result.setCallbacks(
      () => resolve(),
      (_result, _class, error) => reject(error),
    );
  });
}

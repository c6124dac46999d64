import { setTimeout } from 'node:timers/promises';
import type { Client } from './clients.js';

/** One operation that ended. Times are milliseconds of `performance.now`. */
export interface Ended {
  readonly key: string;
  readonly kind: 'get' | 'upsert' | 'upsertDurably';
  readonly from: number;
  readonly to: number;
  /** The error's name; undefined for a success. */
  readonly error: string | undefined;
}

/** What became of an operation: a value, or the name of an error. */
interface Outcome<Value> {
  readonly value: Value | undefined;
  readonly error: string | undefined;
}

/** Milliseconds from one operation of a writer to its next: differs, so that they do not march in step. */
function pauseMs(value: number): number {
  return value % 7;
}

/** Writers and readers that go on until they are told to stop, each key with one writer, which counts up. */
export class MixedLoad implements AsyncDisposable {
  readonly keys: readonly string[];
  readonly ended: Ended[] = [];
  /** By key, the last value that was acknowledged as durable. */
  readonly acknowledged = new Map<string, number>();
  /** Reads that showed an older value than one that was acknowledged before. */
  readonly staleReads: string[] = [];
  readonly #client: Client;
  readonly #workers: Promise<void>[];
  #goesOn = true;

  constructor(client: Client, keys: number) {
    this.#client = client;
    this.keys = Array.from({ length: keys }, (_none, index) => `durable-${index}`);
    this.#workers = this.keys.flatMap((key, index) => [this.#writeDurably(key), this.#write(`loose-${index}`)]);
  }

  async stop(): Promise<void> {
    this.#goesOn = false;
    await Promise.all(this.#workers);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #writeDurably(key: string): Promise<void> {
    for (let value = 1; this.#goesOn; value++) {
      const written = await this.#timed(key, 'upsertDurably', () => this.#client.upsertDurably(key, value));
      if (written.error === undefined) this.acknowledged.set(key, value);
      const read = await this.#timed(key, 'get', () => this.#client.get(key));
      this.#checkRead(key, read);
      await setTimeout(pauseMs(value));
    }
  }

  async #write(key: string): Promise<void> {
    for (let value = 1; this.#goesOn; value++) {
      await this.#timed(key, 'upsert', () => this.#client.upsert(key, value));
      await this.#timed(key, 'get', () => this.#client.get(key));
      await setTimeout(pauseMs(value));
    }
  }

  /** A read that shows no document shows less than one that was acknowledged. */
  #checkRead(key: string, { value, error }: Outcome<number>): void {
    if (error !== undefined && !error.endsWith('NotFoundError')) return;
    const acknowledged = this.acknowledged.get(key) ?? 0;
    if ((value ?? 0) < acknowledged) this.staleReads.push(`${key}: ${value ?? error} < ${acknowledged}`);
  }

  async #timed<Value>(key: string, kind: Ended['kind'], action: () => Promise<Value>): Promise<Outcome<Value>> {
    const from = performance.now();
    const outcome = await action().then(
      (value) => ({ value, error: undefined }),
      (error: Error) => ({ value: undefined, error: error.name }),
    );
    this.ended.push({ key, kind, from, to: performance.now(), error: outcome.error });
    return outcome;
  }
}

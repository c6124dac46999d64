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

/** Milliseconds from one operation of a writer to its next: differs, so that they do not march in step. */
function pauseMs(value: number): number {
  return value % 7;
}

/** Writers and readers that go on until they are told to stop, each key with one writer, which counts up. */
export class MixedLoad {
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

  async #writeDurably(key: string): Promise<void> {
    for (let value = 1; this.#goesOn; value++) {
      const isDone = await this.#timed(key, 'upsertDurably', () => this.#client.upsertDurably(key, value));
      if (isDone !== undefined) this.acknowledged.set(key, value);
      const read = await this.#timed(key, 'get', () => this.#client.get(key));
      const acknowledged = this.acknowledged.get(key) ?? 0;
      if (read !== undefined && (read as number) < acknowledged)
        this.staleReads.push(`${key}: ${read} < ${acknowledged}`);
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

  /** The result; undefined when the operation failed. */
  async #timed(key: string, kind: Ended['kind'], action: () => Promise<unknown>): Promise<unknown> {
    const from = performance.now();
    const outcome = await action().then(
      (result) => ({ result, error: undefined }),
      (error: Error) => ({ result: undefined, error: error.name }),
    );
    this.ended.push({ key, kind, from, to: performance.now(), error: outcome.error });
    return outcome.result;
  }
}

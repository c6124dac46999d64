import type { CouchbaseError } from '@cb/protocol';
import {
  type AsyncResult,
  FMT_UTF8,
  LookupInSpec,
  type MultiResult,
  MutateInSpec,
  type RawBucket,
  type Result,
} from '@cb/raw';
import type { Asked, Call, History } from './history.js';

/** What a workload needs besides a bucket; times are milliseconds. */
export interface WorkloadHost {
  after(ms: number, action: () => void): void;
  readonly random: WorkloadRandom;
}

/** Where choices come from; the same choices make the same workload. */
export interface WorkloadRandom {
  between(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
}

/** Which documents are worked on, and how hard. */
export interface WorkloadShape {
  /** Of each kind, keys that everybody works on. */
  readonly hotKeys: number;
  /** Of each kind, keys that are seldom met. */
  readonly coldKeys: number;
  /** Milliseconds between two bursts, at most. */
  readonly pauseMs: number;
  /** Operations in one burst, at most. */
  readonly burst: number;
  /** Whether some writes wait for a majority. */
  readonly durable: boolean;
}

export const SHAPE: WorkloadShape = { hotKeys: 2, coldKeys: 8, pauseMs: 60, burst: 6, durable: true };

/** `doc` keys hold JSON, `count` keys counters, `text` keys text that is appended to. */
const FAMILIES = ['doc', 'doc', 'count', 'text'] as const;
type Family = (typeof FAMILIES)[number];

const TIMEOUTS_MS = [40, 250, 1000, 2500, 2500];
const DURABLE_TIMEOUT_MS = 2500;
const OUTCOME_CAS_LOCKED = 0xffffffffffffffffn;

/** All keys of a shape, hot and cold. */
export function keysOf({ hotKeys, coldKeys }: WorkloadShape): string[] {
  return [...new Set(FAMILIES)].flatMap((family) =>
    Array.from({ length: hotKeys + coldKeys }, (_none, index) => `${family}-${index}`),
  );
}

/** The text that a history has for a stored value: what makes it unique. */
export function textOf(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'u' in value) return String(value.u);
  return String(value);
}

/**
 * An application that works on a few hot keys and many cold ones, in bursts that do not wait for each other: reads,
 * writes of every kind, under CAS, locks and durable, with deadlines short and long; and some of it is called off.
 * Every value that is written is unique, so that a reader knows its writer.
 */
export class Actor {
  readonly #name: string;
  readonly #bucket: RawBucket;
  readonly #history: History;
  readonly #host: WorkloadHost;
  readonly #shape: WorkloadShape;
  /** By key, the CAS last seen. */
  readonly #seen = new Map<string, bigint>();
  #unique = 0;
  #isWorking = false;

  constructor(name: string, bucket: RawBucket, history: History, host: WorkloadHost, shape: WorkloadShape) {
    this.#name = name;
    this.#bucket = bucket;
    this.#history = history;
    this.#host = host;
    this.#shape = shape;
  }

  /** Works until `stop`. */
  start(): void {
    this.#isWorking = true;
    this.#goOn();
  }

  /** Begins nothing new. */
  stop(): void {
    this.#isWorking = false;
  }

  /** Reads one key, with the default deadline. */
  read(key: string): Call {
    return this.#track(this.#asked(key, 'get', 2500), this.#bucket.get(key, { timeout: 2500 }));
  }

  /** Stores to one key, with the default deadline. */
  store(key: string, durable: boolean): Call {
    const argument = this.#next();
    const asked = { ...this.#asked(key, 'upsert', 2500), argument, durable };
    const options = { timeout: 2500, ...(durable ? { durability: 'majority' as const } : {}) };
    return this.#track(asked, this.#bucket.upsert(key, { u: argument }, options));
  }

  #goOn(): void {
    const { random } = this.#host;
    this.#host.after(random.between(0, this.#shape.pauseMs), () => {
      if (!this.#isWorking) return;
      const count = random.between(1, this.#shape.burst);
      const key = this.#pickKey();
      // Half of the bursts stay on one key: that is where order shows.
      const isSameKey = random.chance(0.5);
      for (let done = 0; done < count; done++) this.#act(isSameKey ? key : this.#pickKey());
      this.#goOn();
    });
  }

  #pickKey(): string {
    const { random } = this.#host;
    const { hotKeys, coldKeys } = this.#shape;
    const family = random.pick(FAMILIES);
    const index = random.chance(0.7) ? random.between(0, hotKeys - 1) : random.between(0, hotKeys + coldKeys - 1);
    return `${family}-${index}`;
  }

  #act(key: string): void {
    const family = key.split('-')[0] as Family;
    if (family === 'count') this.#actOnCounter(key);
    else if (family === 'text') this.#actOnText(key);
    else this.#actOnDocument(key);
  }

  #actOnCounter(key: string): void {
    const { random } = this.#host;
    const bucket = this.#bucket;
    const timeout = random.pick(TIMEOUTS_MS);
    const dice = random.between(1, 20);
    if (dice <= 5) {
      this.#track(this.#asked(key, 'get', timeout), bucket.get(key, { timeout }));
    } else if (dice === 6) {
      this.#track(this.#asked(key, 'remove', timeout), bucket.remove(key, { timeout }));
    } else {
      const delta = random.between(1, 1000);
      const asked = { ...this.#asked(key, 'counter', timeout), argument: String(delta), initial: String(delta) };
      this.#track(asked, bucket.counter(key, { delta, initial: delta, timeout }));
    }
  }

  #actOnText(key: string): void {
    const { random } = this.#host;
    const bucket = this.#bucket;
    const timeout = random.pick(TIMEOUTS_MS);
    const argument = `|${this.#next()}`;
    const dice = random.between(1, 20);
    if (dice <= 5) {
      this.#track(this.#asked(key, 'get', timeout), bucket.get(key, { timeout }));
    } else if (dice <= 9) {
      const asked = { ...this.#asked(key, 'upsert', timeout), argument };
      this.#track(asked, bucket.upsert(key, argument, { timeout, format: FMT_UTF8 }));
    } else {
      const asked = { ...this.#asked(key, 'append', timeout), argument };
      this.#track(asked, bucket.append(key, argument, { timeout }));
    }
  }

  #actOnDocument(key: string): void {
    const { random } = this.#host;
    const dice = random.between(1, 100);
    if (dice <= 25) this.#readDocument(key, random.pick(TIMEOUTS_MS));
    else if (dice <= 70) this.#writeDocument(key, random.pick(TIMEOUTS_MS));
    else if (dice <= 76) this.#lock(key, random.pick(TIMEOUTS_MS));
    else if (dice <= 84) this.#multi(random.pick(TIMEOUTS_MS));
    else if (dice <= 92) this.#writeUnderCas(key, random.pick(TIMEOUTS_MS));
    else if (this.#shape.durable) this.#writeDurably(key);
  }

  #readDocument(key: string, timeout: number): void {
    const bucket = this.#bucket;
    if (this.#host.random.chance(0.8)) {
      this.#track(this.#asked(key, 'get', timeout), bucket.get(key, { timeout }));
    } else {
      const lookup = bucket.lookupIn(key, [LookupInSpec.get('u')], { timeout });
      this.#track(this.#asked(key, 'lookup', timeout), lookup, (result) => ({ value: textOf(result.content(0)) }));
    }
  }

  #writeDocument(key: string, timeout: number): void {
    const { random } = this.#host;
    const bucket = this.#bucket;
    const argument = this.#next();
    const value = { u: argument };
    const dice = random.between(1, 10);
    if (dice <= 4) {
      this.#track({ ...this.#asked(key, 'upsert', timeout), argument }, bucket.upsert(key, value, { timeout }));
    } else if (dice <= 6) {
      this.#track({ ...this.#asked(key, 'insert', timeout), argument }, bucket.insert(key, value, { timeout }));
    } else if (dice === 7) {
      this.#track({ ...this.#asked(key, 'replace', timeout), argument }, bucket.replace(key, value, { timeout }));
    } else if (dice === 8) {
      this.#track(this.#asked(key, 'remove', timeout), bucket.remove(key, { timeout }));
    } else if (dice === 9) {
      this.#track(this.#asked(key, 'touch', timeout), bucket.touch(key, { timeout }));
    } else {
      const mutation = bucket.mutateIn(key, [MutateInSpec.upsert('u', argument)], { timeout });
      this.#track({ ...this.#asked(key, 'mutate', timeout), argument }, mutation);
    }
  }

  #writeUnderCas(key: string, timeout: number): void {
    const cas = this.#seen.get(key);
    if (cas === undefined) {
      this.#readDocument(key, timeout);
    } else if (this.#host.random.chance(0.8)) {
      const argument = this.#next();
      const asked = { ...this.#asked(key, 'replace', timeout), argument, cas };
      this.#track(asked, this.#bucket.replace(key, { u: argument }, { timeout, cas }));
    } else {
      this.#track({ ...this.#asked(key, 'remove', timeout), cas }, this.#bucket.remove(key, { timeout, cas }));
    }
  }

  #writeDurably(key: string): void {
    const { random } = this.#host;
    const timeout = DURABLE_TIMEOUT_MS;
    const argument = this.#next();
    const durability = random.pick(['majority', 'majorityAndPersistToActive', 'persistToMajority'] as const);
    const asked = { ...this.#asked(key, 'upsert', timeout), argument, durable: true };
    this.#track(asked, this.#bucket.upsert(key, { u: argument }, { timeout, durability }));
  }

  /** Locks, and gives the lock back after a while in one way or another. */
  #lock(key: string, timeout: number): void {
    const { random } = this.#host;
    const bucket = this.#bucket;
    const ttl = random.between(1, 2);
    const call = { ...this.#asked(key, 'lock', timeout), lockMs: ttl * 1000 };
    const heldMs = random.between(0, 400);
    const isUnlocked = random.chance(0.5);
    const release = (cas: bigint): void => {
      if (isUnlocked) {
        this.#track({ ...this.#asked(key, 'unlock', 1000), cas }, bucket.unlock(key, { cas, timeout: 1000 }));
      } else {
        const argument = this.#next();
        const asked = { ...this.#asked(key, 'replace', 1000), argument, cas };
        this.#track(asked, bucket.replace(key, { u: argument }, { cas, timeout: 1000 }));
      }
    };
    this.#track(call, bucket.lock(key, { ttl, timeout }), (result) => {
      this.#host.after(heldMs, () => this.#isWorking && release(result.cas));
      return { value: textOf(result.value) };
    });
  }

  #multi(timeout: number): void {
    const { random } = this.#host;
    const { hotKeys, coldKeys } = this.#shape;
    const first = random.between(0, hotKeys + coldKeys - 1);
    const keys = [0, 1, 2].map((offset) => `doc-${(first + offset) % (hotKeys + coldKeys)}`);
    if (random.chance(0.5)) {
      const calls = keys.map((key) => this.#history.begin(this.#asked(key, 'get', timeout)));
      this.#trackMulti(calls, this.#bucket.getMulti(keys, { timeout }));
      return;
    }
    const values: Record<string, unknown> = {};
    const calls = keys.map((key) => {
      const argument = this.#next();
      values[key] = { u: argument };
      return this.#history.begin({ ...this.#asked(key, 'upsert', timeout), argument });
    });
    this.#trackMulti(calls, this.#bucket.upsertMulti(values, { timeout }));
  }

  #trackMulti(calls: readonly Call[], multi: MultiResult): void {
    let isInside = true;
    const settle = (): void => {
      for (const call of calls) {
        call.isReentrant ||= isInside;
        const error = multi.errors.get(call.key);
        if (error === undefined) this.#succeeded(call, multi.get(call.key)!);
        else this.#failed(call, error);
      }
    };
    multi.setCallbacks(settle, settle);
    this.#perhapsCancel(multi);
    isInside = false;
  }

  /** Notes how the call ends; `read` finds in the result what is noted besides the CAS. */
  #track<R extends Result>(asked: Asked, result: AsyncResult<R>, read?: (result: R) => { value: string }): Call {
    const call = this.#history.begin(asked);
    let isInside = true;
    result.setCallbacks(
      (found) => {
        call.isReentrant ||= isInside;
        this.#succeeded(call, found, read?.(found));
      },
      (_result, _errorClass, error) => {
        call.isReentrant ||= isInside;
        this.#failed(call, error);
      },
    );
    this.#perhapsCancel(result);
    isInside = false;
    return call;
  }

  #perhapsCancel(result: AsyncResult<never> | AsyncResult<unknown>): void {
    const { random } = this.#host;
    if (!this.#isWorking || !random.chance(0.03)) return;
    this.#host.after(random.between(0, 30), () => result.cancel());
  }

  #succeeded(call: Call, result: object, read?: { value: string }): void {
    const cas = 'cas' in result && typeof result.cas === 'bigint' ? result.cas : undefined;
    const isShown = cas !== undefined && cas !== 0n && cas !== OUTCOME_CAS_LOCKED;
    if (isShown && call.kind !== 'lock' && call.kind !== 'remove') this.#seen.set(call.key, cas);
    const value = 'value' in result && result.value !== undefined ? { value: textOf(result.value) } : {};
    this.#history.settle(call, { ok: true, ...value, ...read, ...(isShown ? { cas } : {}) });
  }

  #failed(call: Call, { code, ambiguous, message }: CouchbaseError): void {
    this.#history.settle(call, { ok: false, code, ambiguous, message });
  }

  #asked(key: string, kind: Asked['kind'], timeoutMs: number): Asked {
    return { client: this.#name, key, kind, timeoutMs };
  }

  #next(): string {
    return `${this.#name}.${++this.#unique}`;
  }
}

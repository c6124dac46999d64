import { Status } from '@cb/protocol';

interface Entry {
  readonly value: string;
  /** Seconds; Infinity never. */
  readonly expiry: number;
  readonly lockedUntil: number;
}

/** With which CAS a write comes: none, that of the last read, or one that never was. */
export type CasChoice = 'none' | 'current' | 'wrong';

/**
 * What a bucket is, said as simply as can be: a map that is copied for each step. The store is compared with it. Times
 * are in seconds.
 */
export class BucketModel {
  #entries: ReadonlyMap<string, Entry> = new Map();
  #now = 0;

  advance(seconds: number): void {
    this.#now += seconds;
  }

  get(key: string): string | undefined {
    return this.#live(key)?.value;
  }

  set(key: string, value: string, ttl: number, cas: CasChoice): number {
    const status = this.#writable(key, cas);
    if (status === Status.Success) this.#put(key, value, this.#expiry(ttl));
    return status;
  }

  add(key: string, value: string, ttl: number): number {
    if (this.#live(key) !== undefined) return Status.KeyExists;
    this.#put(key, value, this.#expiry(ttl));
    return Status.Success;
  }

  replace(key: string, value: string, ttl: number, cas: CasChoice): number {
    return this.#live(key) === undefined ? Status.KeyNotFound : this.set(key, value, ttl, cas);
  }

  append(key: string, value: string, cas: CasChoice): number {
    const entry = this.#live(key);
    if (entry === undefined) return Status.NotStored;
    const status = this.#writable(key, cas);
    if (status === Status.Success) this.#put(key, entry.value + value, entry.expiry);
    return status;
  }

  remove(key: string, cas: CasChoice): number {
    const status = this.#writable(key, cas);
    if (status !== Status.Success) return status;
    if (this.#live(key) === undefined) return Status.KeyNotFound;
    this.#entries = new Map([...this.#entries].filter(([one]) => one !== key));
    return Status.Success;
  }

  increment(key: string, delta: bigint, initial: bigint): number {
    const entry = this.#live(key);
    if (entry === undefined) {
      this.#put(key, String(initial), Number.POSITIVE_INFINITY);
      return Status.Success;
    }
    if (!/^\d{1,19}$/.test(entry.value)) return Status.DeltaBadval;
    const status = this.#writable(key, 'none');
    if (status === Status.Success) this.#put(key, String(BigInt(entry.value) + delta), entry.expiry);
    return status;
  }

  touch(key: string, ttl: number): number {
    const entry = this.#live(key);
    if (entry === undefined) return Status.KeyNotFound;
    const status = this.#writable(key, 'none');
    if (status === Status.Success) this.#put(key, entry.value, this.#expiry(ttl));
    return status;
  }

  lock(key: string, seconds: number): number {
    const entry = this.#live(key);
    if (entry === undefined) return Status.KeyNotFound;
    if (entry.lockedUntil > this.#now) return Status.Locked;
    this.#entries = new Map([...this.#entries, [key, { ...entry, lockedUntil: this.#now + seconds }]]);
    return Status.Success;
  }

  /** With the right CAS. */
  unlock(key: string): number {
    const entry = this.#live(key);
    if (entry === undefined) return Status.KeyNotFound;
    if (entry.lockedUntil <= this.#now) return Status.TemporaryFailure;
    this.#entries = new Map([...this.#entries, [key, { ...entry, lockedUntil: 0 }]]);
    return Status.Success;
  }

  get keys(): string[] {
    return [...this.#entries.keys()].filter((key) => this.#live(key) !== undefined).sort();
  }

  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.expiry > this.#now ? entry : undefined;
  }

  /** The CAS that a reader saw of a locked document never matches, so `current` is as wrong as `wrong`. */
  #writable(key: string, cas: CasChoice): number {
    const entry = this.#live(key);
    if (entry === undefined) return cas === 'none' ? Status.Success : Status.KeyNotFound;
    if (entry.lockedUntil > this.#now) return Status.Locked;
    return cas === 'wrong' ? Status.KeyExists : Status.Success;
  }

  #expiry(ttl: number): number {
    return ttl === 0 ? Number.POSITIVE_INFINITY : this.#now + ttl;
  }

  #put(key: string, value: string, expiry: number): void {
    const entry = { value, expiry, lockedUntil: 0 };
    this.#entries = new Map([...this.#entries, [key, entry]]);
  }
}

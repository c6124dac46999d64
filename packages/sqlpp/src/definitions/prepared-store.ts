import {
  type Prepared,
  type PreparedCatalog,
  type PreparedContext,
  preparedKey,
} from '../keyspaces/prepared-catalog.js';

/** Statements that are kept at most: one more takes the place of that which was not used for longest. */
const ENTRIES_MAX = 16_384;

/** Times of the executions of a prepared statement, in milliseconds. */
export interface PreparedTimes {
  /** When the last one ended, since 1970. */
  readonly lastUseMs: number;
  /** Number of executions that ended. */
  readonly count: number;
  /** Sum over all of them. */
  readonly totalMs: number;
  /** The shortest. */
  readonly minMs: number;
  /** The longest. */
  readonly maxMs: number;
}

/** A prepared statement, and how it was used. */
export interface PreparedEntry {
  /** The statement. */
  readonly prepared: Prepared;
  /** How often it was begun. */
  readonly uses: number;
  /** Undefined before the first execution has ended. */
  readonly times: PreparedTimes | undefined;
}

/** Prepared statements in memory, at most 16,384. */
export class PreparedStore implements PreparedCatalog {
  /** In the order of their last use. */
  readonly #entries = new Map<string, PreparedEntry>();

  /** All statements by what they are kept by: the name, with the context behind it if there is one. */
  entries(): Iterable<readonly [key: string, entry: PreparedEntry]> {
    return this.#entries.entries();
  }

  find(name: string, context: PreparedContext | undefined): Prepared | undefined {
    const key = preparedKey(name, context);
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, { ...entry, uses: entry.uses + 1 });
    return entry.prepared;
  }

  add(prepared: Prepared): boolean {
    const key = preparedKey(prepared.name, prepared.context);
    const known = this.#entries.get(key);
    if (known !== undefined && known.prepared.text !== prepared.text) return false;
    this.#entries.set(key, known === undefined ? { prepared, uses: 0, times: undefined } : { ...known, prepared });
    if (this.#entries.size > ENTRIES_MAX) this.#dropOldest();
    return true;
  }

  /** Notes that an execution ended at a time, since 1970, and what it took; both in milliseconds. */
  record({ name, context }: Prepared, endedAtMs: number, tookMs: number): void {
    const key = preparedKey(name, context);
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    const { count, totalMs, minMs, maxMs } = entry.times ?? { count: 0, totalMs: 0, minMs: Infinity, maxMs: 0 };
    const times = {
      lastUseMs: endedAtMs,
      count: count + 1,
      totalMs: totalMs + tookMs,
      minMs: Math.min(minMs, tookMs),
      maxMs: Math.max(maxMs, tookMs),
    };
    this.#entries.set(key, { ...entry, times });
  }

  /** Forgets a statement by what it is kept by. False if it is not there. */
  remove(key: string): boolean {
    return this.#entries.delete(key);
  }

  #dropOldest(): void {
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}

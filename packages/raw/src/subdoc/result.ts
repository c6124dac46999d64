import {
  ArgumentError,
  type CouchbaseError,
  type ErrorDetails,
  type MutationToken,
  Status,
  statusError,
} from '@cb/protocol';
import { OperationResult, RC_FAILED } from '../results/results.js';
import { describe } from '../values/argument-checks.js';
import type { SubdocSpec } from './spec.js';

/** The types of the answers, in the order of the operations. */
export type Contents<S extends readonly SubdocSpec[]> = {
  -readonly [I in keyof S]: S[I] extends SubdocSpec<infer T> ? T : never;
};

/** What one operation inside a document came to. */
export class SubdocEntry<T = unknown> {
  /** As the caller gave it. */
  readonly path: string;
  /** The server's status code: 0 for success. */
  readonly status: number;
  /** Undefined when it failed, or answers nothing; of an `exists`, whether there is anything. */
  readonly value: T;
  readonly #details: ErrorDetails;
  #failure: CouchbaseError | undefined;

  /** @param failure why the value cannot be read, where the server has one */
  constructor(path: string, status: number, value: T, details: ErrorDetails, failure?: CouchbaseError) {
    this.path = path;
    this.status = status;
    this.value = value;
    this.#details = details;
    this.#failure = failure;
  }

  /** Whether there is something at the path, and it could be read or written. */
  get success(): boolean {
    return this.status === Status.Success && this.#failure === undefined;
  }

  /** 0 for success, else the result code of the error (`0x3f` for a missing path, of an `exists` too). */
  get rc(): number {
    return this.success ? 0 : this.#madeFailure().rc || RC_FAILED;
  }

  /** Why it failed; undefined when it did not, as with an `exists` whose answer is false. Made when asked for. */
  get error(): CouchbaseError | undefined {
    return this.success || this.value === false ? undefined : this.#madeFailure();
  }

  #madeFailure(): CouchbaseError {
    this.#failure ??= statusError(this.status, { ...this.#details, path: this.path });
    return this.#failure;
  }
}

/**
 * The answers to `lookupIn` or `mutateIn`, in the order in which the caller gave the operations, each by its index
 * (from 0) or by its path: the first operation with that path, when there are several. `V` has the types of the values.
 *
 *   const found = await bucket.lookupIn('u:1', [LookupInSpec.get<string>('name'), LookupInSpec.exists('mail')]);
 *   found.content(0);        // the name, or an exception when there is none
 *   found.get('name', '?')   // { rc, value }
 *   found.exists('mail');
 *
 * `rc` is 0x49 and `success` false when a path of a lookup was not found: that is not an error of the operation.
 */
export class SubdocResult<V extends readonly unknown[] = unknown[]> extends OperationResult {
  /** One for each operation. */
  readonly entries: readonly SubdocEntry[];
  /** The document is deleted: what was read is what is left of it. */
  readonly deleted: boolean;
  /** Whether a replica answered, which may lag behind the active copy. */
  readonly isReplica: boolean;

  /** Created by operations inside documents. @internal */
  constructor(key: string, rc: number, entries: readonly SubdocEntry[], facts: SubdocFacts = {}) {
    super(key, rc, facts.casHigh ?? 0, facts.casLow ?? 0, facts.token);
    this.entries = entries;
    this.deleted = facts.deleted ?? false;
    this.isReplica = facts.isReplica ?? false;
  }

  /** How many operations there were. */
  get commandCount(): number {
    return this.entries.length;
  }

  /** How many of them have an answer: all lookups, and mutations with a value. */
  get resultCount(): number {
    return this.entries.filter(({ success, value }) => !success || value !== undefined).length;
  }

  /** Whether the document could be read or written, whatever its paths. */
  get accessOk(): boolean {
    return this.rc === 0 || this.rc === RC_MULTI_FAILURE;
  }

  /**
   * The value that an operation answered; undefined for mutations without one.
   * @throws its error when it failed (`SubdocPathNotFoundError`; an `exists` never fails so), `ArgumentError` for what
   * was not asked for.
   */
  content<I extends number>(index: I): V[I];
  content<T = unknown>(path: string): T;
  content(place: number | string): unknown {
    return answerOf(this.#entry(place));
  }

  /** The same without an exception for what failed: it has an `rc` other than 0, and the value `fallback`. */
  get<T = unknown>(place: number | string, fallback?: T): { readonly rc: number; readonly value: T } {
    const entry = this.#entry(place);
    return { rc: entry.rc, value: (entry.success ? entry.value : fallback) as T };
  }

  /**
   * Whether there is anything at the path of an operation.
   * @throws the error of an operation that failed for another reason.
   */
  exists(place: number | string): boolean {
    const entry = this.#entry(place);
    if (entry.status === Status.SubdocPathNotFound) return false;
    answerOf(entry);
    return true;
  }

  /** Whether there was an operation with that path. */
  has(path: string): boolean {
    return this.entries.some((entry) => entry.path === path);
  }

  /** The values in order; throws at the first operation that failed. */
  *[Symbol.iterator](): Iterator<V[number]> {
    for (const entry of this.entries) yield answerOf(entry);
  }

  #entry(place: unknown): SubdocEntry {
    const found =
      typeof place === 'string' ? this.entries.find(({ path }) => path === place) : this.entries[place as number];
    if (found !== undefined) return found;
    throw new ArgumentError(`no operation of this call has the path or index ${describe(place)}`);
  }
}

/** What an answer to an operation inside a document says besides its values. */
export interface SubdocFacts {
  readonly casHigh?: number;
  readonly casLow?: number;
  readonly token?: MutationToken | undefined;
  readonly deleted?: boolean;
  readonly isReplica?: boolean;
}

/** The result code for: some paths failed. */
export const RC_MULTI_FAILURE = 0x49;

/** The value, unless the operation failed; an `exists` that found nothing has one. */
function answerOf({ error, value }: SubdocEntry): unknown {
  if (error !== undefined) throw error;
  return value;
}

import type { CouchbaseError, MutationToken } from '@cb/protocol';
import { u64 } from '@cb/protocol/internal';
import { inheritFrom } from './inherit-from.js';
import { jsonOf } from './json-of.js';

/*
 * Everything that a result tells is a property of its own, which spreading, `Object.assign`, `structuredClone` and
 * `postMessage` take along.
 */

/** The result that every operation has at least. */
export class Result {
  /** The document key, as the caller gave it. */
  declare readonly key: string;
  /** 0 for success, else the result code of the error (`0x0d` for a missing document). */
  declare readonly rc: number;
  /** Whether `rc` is 0. */
  declare readonly success: boolean;

  constructor(key: string, rc: number) {
    this.key = key;
    this.rc = rc;
    this.success = rc === 0;
  }

  /** For JSON, which has no 64-bit numbers: a CAS, and every other bigint, in decimal digits. */
  toJSON(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this).map(([name, field]) => [name, jsonOf(field)]));
  }
}

// biome-ignore-start lint/suspicious/noUnsafeDeclarationMerging: `inheritFrom` makes them what the interfaces say.
export interface OperationResult extends Result {}

/** The answer to a mutation, a touch or an unlock. */
export class OperationResult {
  /** The document key. */
  declare readonly key: string;
  /** The result code; 0 for success. */
  declare readonly rc: number;
  /** Whether the operation succeeded. */
  declare readonly success: boolean;
  /**
   * The CAS of the document after the operation; 0n when there is none. In JSON it is decimal digits, which are taken
   * wherever a CAS goes in.
   */
  declare readonly cas: bigint;
  /** The position of the mutation in its vbucket's history; undefined when nothing was changed or tokens are off. */
  declare readonly mutationToken: MutationToken | undefined;

  constructor(key: string, rc: number, casHigh: number, casLow: number, mutationToken: MutationToken | undefined) {
    this.key = key;
    this.rc = rc;
    this.success = rc === 0;
    this.cas = u64(casHigh, casLow);
    this.mutationToken = mutationToken;
  }
}
inheritFrom(OperationResult, Result);

// biome-ignore lint/correctness/noUnusedVariables: declarations of one name must have the same parameters.
export interface ValueResult<T = unknown> extends OperationResult {}

/** The answer to a read, a lock or a counter. */
export class ValueResult<T = unknown> {
  /** The document key. */
  declare readonly key: string;
  /** The result code; 0 for success. */
  declare readonly rc: number;
  /** Whether the operation succeeded. */
  declare readonly success: boolean;
  /** The CAS of the document. */
  declare readonly cas: bigint;
  /** The mutation token; undefined when nothing was changed. */
  declare readonly mutationToken: MutationToken | undefined;
  /** The decoded value; undefined when there is none (`success` is false then). */
  declare readonly value: T;
  /** The flags stored with the document. */
  declare readonly flags: number;

  constructor(
    key: string,
    rc: number,
    casHigh: number,
    casLow: number,
    mutationToken: MutationToken | undefined,
    value: T,
    flags: number,
  ) {
    this.key = key;
    this.rc = rc;
    this.success = rc === 0;
    this.cas = u64(casHigh, casLow);
    this.mutationToken = mutationToken;
    this.value = value;
    this.flags = flags;
  }
}
inheritFrom(ValueResult, OperationResult);
// biome-ignore-end lint/suspicious/noUnsafeDeclarationMerging: as above.

/** The answer to a read of one copy of a document. */
export class ReplicaResult<T = unknown> extends ValueResult<T> {
  /** Whether the copy is a replica, which may lag behind the active one. */
  readonly isReplica: boolean;

  constructor(key: string, rc: number, casHigh: number, casLow: number, value: T, flags: number, isReplica: boolean) {
    super(key, rc, casHigh, casLow, undefined, value, flags);
    this.isReplica = isReplica;
  }
}

/** The answer to `exists`. */
export class ExistsResult extends OperationResult {
  /** Whether there is a document. */
  readonly exists: boolean;

  constructor(key: string, casHigh: number, casLow: number, exists: boolean) {
    super(key, 0, casHigh, casLow, undefined);
    this.exists = exists;
  }
}

/** The result code of failures that have none. */
export const RC_FAILED = -1;

/** The result that stands for a failed operation: it carries the code, and no value. */
export function failedResult(key: string, error: CouchbaseError): ValueResult<undefined> {
  return new ValueResult(key, error.rc === 0 ? RC_FAILED : error.rc, 0, 0, undefined, undefined, 0);
}

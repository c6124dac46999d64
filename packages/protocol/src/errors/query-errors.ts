import { ArgumentError, BucketNotFoundError } from './client-errors.js';
import {
  CouchbaseDataError,
  CouchbaseError,
  CouchbaseFatalError,
  CouchbaseInputError,
  CouchbaseTransientError,
  type ErrorClass,
  type ErrorDetails,
} from './couchbase-error.js';
import {
  CasMismatchError,
  CollectionNotFoundError,
  DocumentExistsError,
  NotFoundError,
  QuotaLimitedError,
  RateLimitedError,
  ScopeNotFoundError,
} from './kv-errors.js';

/** A failure that the query service reports. */
export interface QueryFailure {
  /** The number of the error in the query service. */
  readonly code: number;
  /** The text of the query service. */
  readonly message: string;
  /** The line of the statement that it is about, counted from 1; absent when it is about none. */
  readonly line?: number;
  /** The column in that line, in characters counted from 1; absent when it is about none. */
  readonly column?: number;
  /** What lies behind it, in the service's own form; absent when the service does not tell. */
  readonly reason?: unknown;
  /** Whether the service expects the same statement to succeed later; absent when the service does not tell. */
  readonly retry?: boolean;
}

/** The details of an error of the query service. */
export interface QueryErrorDetails extends ErrorDetails {
  /** The errors of the query service, in its order. Default: none. */
  readonly failures?: readonly QueryFailure[] | undefined;
}

/**
 * The query service could not execute a statement; `failures` has all reasons, `context` the first. The classes below
 * it tell the kinds apart.
 */
export class N1QLError extends CouchbaseError {
  static override readonly code: string = 'n1ql';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [];
  /** The errors of the query service, in its order. */
  readonly failures: readonly QueryFailure[];

  constructor(message: string, details: QueryErrorDetails = {}) {
    super(message, details);
    this.failures = details.failures ?? [];
  }

  /** The code of the first failure; 0 when there is none. */
  get n1qlErrcode(): number {
    return this.failures[0]?.code ?? 0;
  }
}

/** Codes 1020 to 1110: a parameter of the request is unknown, of the wrong type, or missing. An `ArgumentError` too. */
export class QueryParameterError extends N1QLError {
  static override readonly code: string = 'query_parameter';
  static override readonly categories: readonly ErrorClass[] = [ArgumentError, CouchbaseInputError];
}

/** Codes 3000 to 3999: the statement has a syntax error, or a name in it means nothing. */
export class QueryParsingError extends N1QLError {
  static override readonly code: string = 'query_parsing';
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** Codes 4000 to 4999: there is no plan for the statement, for want of an index for example. */
export class QueryPlanningError extends N1QLError {
  static override readonly code: string = 'query_planning';
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** Codes 4040 to 4090: the prepared statement is unknown or cannot be used. */
export class PreparedStatementError extends N1QLError {
  static override readonly code: string = 'prepared_statement';
}

/** Codes 12004 and 12016, and 5000 with such a text: there is no such index. */
export class IndexNotFoundError extends N1QLError {
  static override readonly code: string = 'index_not_found';
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** Code 4300, and 5000 with such a text: there is an index of that name. */
export class IndexExistsError extends N1QLError {
  static override readonly code: string = 'index_exists';
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** Other codes from 12000 to 12999, and 14000 to 14999: an index or the data behind it failed. */
export class QueryIndexError extends N1QLError {
  static override readonly code: string = 'query_index';
}

/** The class that a missing part of a keyspace's path belongs to, by code. */
const MISSING: ReadonlyMap<number, ErrorClass> = new Map<number, ErrorClass>([
  [12_020, BucketNotFoundError],
  [12_021, ScopeNotFoundError],
]);

/** A path of three parts behind its namespace. */
const COLLECTION_PATH = /:\S+\.\S+\.\S+/;

/**
 * Codes 12003, 12020 and 12021: the keyspace of the statement does not exist. A `BucketNotFoundError`,
 * `ScopeNotFoundError` or `CollectionNotFoundError` too, by what is missing.
 */
export class KeyspaceNotFoundError extends N1QLError {
  static override readonly code: string = 'keyspace_not_found';
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];

  override get categories(): readonly ErrorClass[] {
    const [first] = this.failures;
    if (first === undefined) return super.categories;
    const byText = COLLECTION_PATH.test(first.message) ? CollectionNotFoundError : BucketNotFoundError;
    return [...super.categories, MISSING.get(first.code) ?? byText];
  }
}

/** The code of the reason of a failed mutation. */
const DUPLICATE_KEY = 17_012;
const KEY_NOT_FOUND = 17_014;
const CAS_MISMATCH = 12_033;

/**
 * Code 12009: a document could not be changed. A `CasMismatchError`, `DocumentExistsError` or `NotFoundError` too, by the
 * reason. Other documents of the statement may have been changed.
 */
export class DmlError extends N1QLError {
  static override readonly code: string = 'dml';
  static override readonly categories: readonly ErrorClass[] = [CouchbaseDataError];
  static override readonly ambiguous: boolean = true;

  override get categories(): readonly ErrorClass[] {
    const cause = this.#causeClass;
    return cause === undefined ? super.categories : [...super.categories, cause];
  }

  get #causeClass(): ErrorClass | undefined {
    const [first] = this.failures;
    const { code } = Object(first?.reason) as { readonly code?: unknown };
    if (code === CAS_MISMATCH || first?.message.includes('CAS mismatch') === true) return CasMismatchError;
    if (code === DUPLICATE_KEY) return DocumentExistsError;
    return code === KEY_NOT_FOUND ? NotFoundError : undefined;
  }
}

/** Codes 1191 to 1194: the tenant sends more requests or bytes than it may. A `RateLimitedError` too. */
export class QueryRateLimitedError extends N1QLError {
  static override readonly code: string = 'query_rate_limited';
  static override readonly categories: readonly ErrorClass[] = [RateLimitedError, CouchbaseTransientError];
  static override readonly retryable: boolean = true;
}

/** Code 5000 with such a text: the scope may not have another index. A `QuotaLimitedError` too. */
export class QueryQuotaLimitedError extends N1QLError {
  static override readonly code: string = 'query_quota_limited';
  static override readonly categories: readonly ErrorClass[] = [QuotaLimitedError, CouchbaseFatalError];
}

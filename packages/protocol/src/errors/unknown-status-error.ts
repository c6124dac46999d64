import {
  CouchbaseDataError,
  CouchbaseError,
  CouchbaseFatalError,
  CouchbaseInputError,
  CouchbaseInternalError,
  CouchbaseNetworkError,
  CouchbaseTransientError,
  type ErrorClass,
  type ErrorDetails,
} from './couchbase-error.js';

/**
 * A status that this SDK does not know; `status` has it. Its categories follow from its attributes in the server's
 * error map, if there are any.
 */
export class UnknownStatusError extends CouchbaseError {
  static override readonly code: string = 'unknown_status';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [];

  /** Attributes of kv_engine docs/ErrorMap.md: `item-only`, `retry-now`, … */
  readonly attributes: readonly string[];

  constructor(message: string, details: ErrorDetails = {}, attributes: Iterable<string> = []) {
    const all = [...attributes];
    super(message, { retryable: all.some((each) => RETRY_ATTRIBUTES.has(each)), ...details });
    this.attributes = all;
  }

  override get categories(): readonly ErrorClass[] {
    return this.attributes.flatMap((attribute) => CATEGORIES_BY_ATTRIBUTE.get(attribute) ?? []);
  }
}

const RETRY_ATTRIBUTES: ReadonlySet<string> = new Set(['retry-now', 'retry-later', 'temp', 'auto-retry']);

const CATEGORIES_BY_ATTRIBUTE: ReadonlyMap<string, readonly ErrorClass[]> = new Map([
  ['auth', [CouchbaseFatalError, CouchbaseInputError]],
  ['item-only', [CouchbaseDataError]],
  ['invalid-input', [CouchbaseInputError]],
  ['temp', [CouchbaseTransientError]],
  ['retry-now', [CouchbaseTransientError]],
  ['retry-later', [CouchbaseTransientError]],
  ['auto-retry', [CouchbaseTransientError]],
  ['fetch-config', [CouchbaseTransientError]],
  ['conn-state-invalidated', [CouchbaseNetworkError]],
  ['internal', [CouchbaseInternalError]],
]);

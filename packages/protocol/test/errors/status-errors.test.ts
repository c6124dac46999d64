import { ErrorMap } from '../../src/error-map.js';
import {
  CouchbaseDataError,
  CouchbaseError,
  CouchbaseFatalError,
  CouchbaseInputError,
  CouchbaseInternalError,
  CouchbaseNetworkError,
  CouchbaseTransientError,
  type ErrorClass,
} from '../../src/errors/couchbase-error.js';
import { NotFoundError } from '../../src/errors/kv-errors.js';
import { statusError } from '../../src/errors/status-errors.js';
import { UnknownStatusError } from '../../src/errors/unknown-status-error.js';
import { Status } from '../../src/status.js';

const CATEGORIES = [
  CouchbaseDataError,
  CouchbaseFatalError,
  CouchbaseInputError,
  CouchbaseInternalError,
  CouchbaseNetworkError,
  CouchbaseTransientError,
];

/** Statuses that are not failures, or belong to DCP. */
const WITHOUT_CLASS: readonly number[] = [
  Status.Success,
  Status.AuthContinue,
  Status.DcpStreamNotFound,
  Status.OpaqueNoMatch,
  Status.DcpStreamIdInvalid,
  Status.RangeScanMore,
  Status.RangeScanComplete,
  Status.SubdocSuccessDeleted,
];

function unknown(attrs: string[], status = 0x7ff0): CouchbaseError {
  const errors = { [status.toString(16)]: { name: 'NEW', desc: 'Something new', attrs } };
  return statusError(status, { operation: 'get', key: 'k' }, ErrorMap.parse(JSON.stringify({ errors })));
}

test('a known status has a class of its own, and the details are kept', () => {
  const error = statusError(0x01, { operation: 'get', key: 'a"b', node: 'n:1', context: 'why', ref: 'r' });
  expect(error).toBeInstanceOf(NotFoundError);
  expect(error).toMatchObject({ status: 1, key: 'a"b', node: 'n:1', context: 'why', ref: 'r', retryable: false });
  expect(error.message).toBe('get of "a\\"b" failed with KeyNotFound (0x01): why');
});

test('a durable write that may still take effect is ambiguous', () => {
  expect(statusError(Status.SyncWriteAmbiguous, {}).ambiguous).toBe(true);
  expect(statusError(Status.SyncWriteInProgress, {}).ambiguous).toBe(false);
});

test('every status that is a failure has a class', () => {
  const without = Object.values(Status).filter((status) => statusError(status, {}) instanceof UnknownStatusError);
  expect(without.filter((status) => !WITHOUT_CLASS.includes(status))).toEqual([]);
});

test('the error map does not change what a known status means', () => {
  const error = unknown(['temp', 'retry-now'], 0x01);
  expect(error).toBeInstanceOf(NotFoundError);
  expect(error.retryable).toBe(false);
});

describe('a status that is unknown', () => {
  test('is an UnknownStatusError of no category without a map, or when the map does not have it', () => {
    for (const map of [undefined, ErrorMap.parse('{}')]) {
      const error = statusError(0x7ff0, {}, map);
      expect(error).toBeInstanceOf(UnknownStatusError);
      expect(error).toMatchObject({ status: 0x7ff0, retryable: false, attributes: [] });
      expect(error.message).toBe('operation failed with 0x7ff0');
      expect(CATEGORIES.filter((category) => error instanceof category)).toEqual([]);
    }
  });

  test.each<[string[], ErrorClass[], boolean]>([
    [['auth'], [CouchbaseFatalError, CouchbaseInputError], false],
    [['item-only'], [CouchbaseDataError], false],
    [['invalid-input'], [CouchbaseInputError], false],
    [['temp'], [CouchbaseTransientError], true],
    [['retry-now'], [CouchbaseTransientError], true],
    [['retry-later'], [CouchbaseTransientError], true],
    [['auto-retry'], [CouchbaseTransientError], true],
    [['fetch-config'], [CouchbaseTransientError], false],
    [['conn-state-invalidated'], [CouchbaseNetworkError], false],
    [['internal'], [CouchbaseInternalError], false],
    [['item-only', 'temp', 'from-the-future'], [CouchbaseDataError, CouchbaseTransientError], true],
    [['from-the-future'], [], false],
  ])('with the attributes %p', (attrs, categories, retryable) => {
    const error = unknown(attrs);
    expect(CATEGORIES.filter((category) => error instanceof category)).toEqual(categories);
    expect(error.retryable).toBe(retryable);
    expect(error instanceof CouchbaseError && error instanceof UnknownStatusError).toBe(true);
    expect(error instanceof NotFoundError).toBe(false);
  });

  test('is described by the map, unless the server said more', () => {
    expect(unknown([]).message).toBe('get of "k" failed with NEW (0x7ff0): Something new');
    const map = ErrorMap.parse('{"errors":{"7ff0":{"attrs":["item-only"]}}}');
    expect(statusError(0x7ff0, { context: 'why' }, map).message).toBe('operation failed with 0x7ff0: why');
  });

  test('keeps what the caller knows about trying again', () => {
    const map = ErrorMap.parse('{"errors":{"7ff0":{"attrs":["retry-now"]}}}');
    expect(statusError(0x7ff0, { retryable: false }, map).retryable).toBe(false);
  });
});

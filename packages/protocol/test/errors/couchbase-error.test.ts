import { inspect } from 'node:util';
import {
  CouchbaseDataError,
  CouchbaseError,
  CouchbaseInputError,
  CouchbaseNetworkError,
  CouchbaseTransientError,
} from '../../src/errors/couchbase-error.js';
import { AuthStaleError, DocumentLockedError, NotFoundError, TemporaryFailError } from '../../src/errors/kv-errors.js';

describe('instanceof', () => {
  const missing = new NotFoundError('no such document', { key: 'k', status: 1 });

  test('holds for the own class, its categories and the root', () => {
    expect(missing instanceof NotFoundError).toBe(true);
    expect(missing instanceof CouchbaseDataError).toBe(true);
    expect(missing instanceof CouchbaseError).toBe(true);
    expect(missing instanceof Error).toBe(true);
  });

  test('does not hold for other classes and categories', () => {
    expect(missing instanceof DocumentLockedError).toBe(false);
    expect(missing instanceof CouchbaseNetworkError).toBe(false);
    expect(missing instanceof CouchbaseTransientError).toBe(false);
    expect(missing instanceof CouchbaseInputError).toBe(false);
  });

  test('holds for a parent class and the categories it passes on', () => {
    const locked = new DocumentLockedError('locked');
    expect(locked instanceof TemporaryFailError).toBe(true);
    expect(locked instanceof CouchbaseTransientError).toBe(true);
    expect(new TemporaryFailError('busy') instanceof DocumentLockedError).toBe(false);
  });

  test.each([undefined, null, 0, 'NotFoundError', {}, new Error('x'), CouchbaseError.prototype.constructor])(
    'does not hold for %p',
    (value) => {
      expect((value as unknown) instanceof CouchbaseError).toBe(false);
      expect((value as unknown) instanceof CouchbaseDataError).toBe(false);
    },
  );
});

test('a log shows what is known, and no results', () => {
  const error = new NotFoundError('gone', { key: 'k', operation: 'get', status: 1, result: { value: 'long' } });
  error.allResults = new Map([['k', 'longer']]);
  expect(inspect(error).replace(/\s+/g, ' ')).toBe(
    "[NotFoundError: gone] { operation: 'get', key: 'k', status: 1, ambiguous: false, retryable: false, " +
      'attempts: 0, retryReasons: [] }',
  );
  expect(error.result).toEqual({ value: 'long' });
  expect(error.allResults).toEqual(new Map([['k', 'longer']]));
  expect(error.node).toBeUndefined();
  expect([new Proxy(error, {}).key, new Proxy(error, {}).allResults]).toEqual(['k', undefined]);
});

test('an error carries its details, and says by itself whether to try again', () => {
  const cause = new Error('why');
  const error = new NotFoundError('gone', { cause, key: 'k', operation: 'get', status: 1, attempts: 2 });
  expect(error).toMatchObject({
    name: 'NotFoundError',
    code: 'not_found',
    rc: 0x0d,
    message: 'gone',
    cause,
    key: 'k',
    operation: 'get',
    status: 1,
    attempts: 2,
    retryable: false,
    ambiguous: false,
    retryReasons: [],
  });
  expect(new TemporaryFailError('busy').retryable).toBe(true);
  expect(new TemporaryFailError('busy', { retryable: false }).retryable).toBe(false);
  expect(new AuthStaleError('stale').code).not.toBe(error.code);
});

describe('the stack', () => {
  test('of what an operation failed with has no frames, as none would be of the caller', () => {
    expect(new NotFoundError('gone', { operation: 'get' }).stack).toBe('NotFoundError: gone');
  });

  test('of everything else begins where the error was made', () => {
    const framesMax = Error.stackTraceLimit;
    void new NotFoundError('gone', { operation: 'get' });
    expect(Error.stackTraceLimit).toBe(framesMax);
    function misuse(): CouchbaseError {
      return new CouchbaseInputError('no');
    }
    expect(misuse().stack).toMatch(/^CouchbaseInputError: no\n {4}at misuse /);
  });

  test('is left alone where nobody may change it', () => {
    const limit = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit')!;
    Object.defineProperty(Error, 'stackTraceLimit', { ...limit, writable: false });
    try {
      expect(new NotFoundError('gone', { operation: 'get' }).message).toBe('gone');
    } finally {
      Object.defineProperty(Error, 'stackTraceLimit', limit);
    }
  });
});

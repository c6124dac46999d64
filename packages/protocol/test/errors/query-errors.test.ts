import {
  ArgumentError,
  BucketNotFoundError,
  CasMismatchError,
  CollectionNotFoundError,
  CouchbaseDataError,
  CouchbaseInputError,
  DmlError,
  DocumentExistsError,
  KeyspaceNotFoundError,
  N1QLError,
  NotFoundError,
  QueryParameterError,
  QueryRateLimitedError,
  RateLimitedError,
  ScopeNotFoundError,
} from '../../src/index.js';

const missing = [BucketNotFoundError, ScopeNotFoundError, CollectionNotFoundError];

test.each([
  [12_003, 'Keyspace not found in CB datastore: default:nope', BucketNotFoundError],
  [12_003, 'Keyspace not found in CB datastore: default:b.s.c', CollectionNotFoundError],
  [12_020, 'Bucket not found in CB datastore: default:b', BucketNotFoundError],
  [12_021, 'Scope not found in CB datastore: default:b.s', ScopeNotFoundError],
])('the missing keyspace of %i, "%s", is of the kind of what is missing', (code, message, kind) => {
  const error = new KeyspaceNotFoundError('failed', { failures: [{ code, message }] });
  expect(missing.filter((each) => error instanceof each)).toEqual([kind]);
  expect(error).toBeInstanceOf(N1QLError);
  expect(error).toBeInstanceOf(CouchbaseInputError);
});

const reasons = [CasMismatchError, DocumentExistsError, NotFoundError];

test.each([
  [{ code: 12_033, message: 'CAS mismatch' }, CasMismatchError],
  [{ code: 17_012, message: 'Duplicate Key: k' }, DocumentExistsError],
  [{ code: 17_014, message: 'Key not found' }, NotFoundError],
  [{ code: 1, message: 'something else' }, undefined],
  [undefined, undefined],
  [null, undefined],
])('a failed mutation with the reason %j is of the kind of that reason', (reason, kind) => {
  const message = 'DML Error, possible causes include concurrent modification.';
  const error = new DmlError('failed', { failures: [{ code: 12_009, message, reason }] });
  expect(reasons.filter((each) => error instanceof each)).toEqual(kind === undefined ? [] : [kind]);
  expect(error).toBeInstanceOf(CouchbaseDataError);
  // Documents before the one that failed may have been changed.
  expect(error.ambiguous).toBe(true);
});

test('a CAS mismatch may be told in the text alone', () => {
  const error = new DmlError('failed', { failures: [{ code: 12_009, message: 'DML Error: CAS mismatch' }] });
  expect(error).toBeInstanceOf(CasMismatchError);
});

test('kinds that other errors share are those errors too', () => {
  expect(new QueryParameterError('failed')).toBeInstanceOf(ArgumentError);
  expect(new QueryRateLimitedError('failed')).toBeInstanceOf(RateLimitedError);
  expect(new QueryRateLimitedError('failed').retryable).toBe(true);
});

test('the code is that of the first failure', () => {
  const failures = [
    { code: 5370, message: 'a' },
    { code: 5010, message: 'b' },
  ];
  expect(new N1QLError('failed', { failures }).n1qlErrcode).toBe(5370);
  expect(new N1QLError('failed').n1qlErrcode).toBe(0);
});

import { n1qlFailureIn, n1qlRefusal } from '../../src/n1ql/n1ql-failure.js';

const details = { operation: 'query SELECT 1' };

/** The error for an answer with one failure. */
function failure(code: number, msg = 'text', more: object = {}, mayChange = true) {
  return n1qlFailureIn({ errors: [{ code, msg, ...more }], status: 'fatal' }, details, mayChange)!;
}

test.each([
  [1000, 'N1QLError'],
  [1040, 'QueryParameterError'],
  [1050, 'QueryParameterError'],
  [1065, 'QueryParameterError'],
  [1070, 'QueryParameterError'],
  [1080, 'TimeoutError'],
  [1191, 'QueryRateLimitedError'],
  [1192, 'QueryRateLimitedError'],
  [1193, 'QueryRateLimitedError'],
  [1194, 'QueryRateLimitedError'],
  [3000, 'QueryParsingError'],
  [3080, 'QueryParsingError'],
  [4000, 'QueryPlanningError'],
  [4120, 'QueryPlanningError'],
  [4040, 'PreparedStatementError'],
  [4050, 'PreparedStatementError'],
  [4060, 'PreparedStatementError'],
  [4070, 'PreparedStatementError'],
  [4080, 'PreparedStatementError'],
  [4090, 'PreparedStatementError'],
  [4300, 'IndexExistsError'],
  [5010, 'N1QLError'],
  [10_000, 'AuthError'],
  [10_201, 'N1QLError'],
  [12_003, 'KeyspaceNotFoundError'],
  [12_004, 'IndexNotFoundError'],
  [12_009, 'DmlError'],
  [12_015, 'QueryIndexError'],
  [12_016, 'IndexNotFoundError'],
  [12_020, 'KeyspaceNotFoundError'],
  [12_021, 'KeyspaceNotFoundError'],
  [13_014, 'AuthError'],
  [14_000, 'QueryIndexError'],
])('the code %i is a %s', (code, name) => {
  expect(failure(code)).toMatchObject({ name, message: `query SELECT 1 failed with ${code}: text`, context: 'text' });
});

test.each([
  ['GSI CreateIndex() - cause: The index i already exists.', 'IndexExistsError'],
  ['GSI index i not found.', 'IndexNotFoundError'],
  ['cause: queryport.indexNotFound', 'PreparedStatementError'],
  ['Limit for number of indexes that can be created per scope has been reached', 'QueryQuotaLimitedError'],
  ['Panic: index out of range', 'N1QLError'],
])('an internal error with the text "%s" is a %s', (text, name) => {
  expect(failure(5000, text).name).toBe(name);
});

test('where it is in the statement, its reason and whether it passes', () => {
  const more = { line: 2, column: 7, reason: { code: 17_012 }, retry: true };
  expect(failure(12_009, 'text', more)).toMatchObject({
    failures: [{ code: 12_009, message: 'text', ...more }],
    retryable: true,
  });
  expect(failure(3000)).toMatchObject({ failures: [{ code: 3000, message: 'text' }], retryable: false });
});

test('a statement that was stopped may have changed something, unless it was readonly', () => {
  expect(failure(1080).ambiguous).toBe(true);
  expect(failure(1080, 'text', {}, false).ambiguous).toBe(false);
  expect(failure(3000).ambiguous).toBe(false);
});

test('a statement that failed after it changed documents says so', () => {
  const answer = { errors: [{ code: 5010, msg: 'x' }], status: 'errors', metrics: { mutationCount: 3 } };
  expect(n1qlFailureIn(answer, details, true)).toMatchObject({ ambiguous: true });
});

test.each([['not JSON'], ['[]'], ['null'], ['{"errors":null}'], ['{"errors":[]}']])(
  'a refusal with the body %j is told by its status',
  (body) => {
    const head = { status: 500, node: 'n:8093', headers: {}, path: '/' };
    expect(n1qlRefusal(head as never, body, details, true)).toMatchObject({ name: 'HttpError' });
  },
);

test('entries that are not errors still are a failure', () => {
  const error = n1qlFailureIn({ errors: [null, 5, { code: 'x' }] }, details, true);
  expect(error).toMatchObject({ name: 'N1QLError', failures: [{ code: 0, message: '' }, {}, { code: Number.NaN }] });
});

import { durationMs, readMetadata } from '../../src/n1ql/query-metadata.js';

test.each([
  ['0s', 0],
  ['0', 0],
  ['872ns', 0.000872],
  ['455.69µs', 0.45569],
  ['455.69μs', 0.45569],
  ['455.69us', 0.45569],
  ['12.77927ms', 12.77927],
  ['1.5s', 1500],
  ['1m2.5s', 62_500],
  ['2h0m0.25s', 7_200_250],
])('the duration %s is %d ms', (text, ms) => {
  expect(durationMs(text)).toBeCloseTo(ms, 9);
});

test.each(['', 'soon', '1 week'])('%j is not a duration', (text) => {
  expect(durationMs(text)).toBeNaN();
});

test('everything the answer has besides its rows', () => {
  const answer = {
    requestID: 'r',
    clientContextID: 'c',
    signature: { '*': '*' },
    warnings: [{ code: 5036, msg: 'Division by 0.' }],
    status: 'success',
    metrics: {
      elapsedTime: '1.5ms',
      executionTime: '1ms',
      resultCount: 2,
      resultSize: 9,
      serviceLoad: 3,
      sortCount: 2,
    },
  };
  expect(readMetadata(answer)).toEqual({
    requestId: 'r',
    clientContextId: 'c',
    signature: { '*': '*' },
    warnings: [{ code: 5036, message: 'Division by 0.' }],
    status: 'success',
    metrics: {
      elapsedMs: 1.5,
      executionMs: 1,
      resultCount: 2,
      resultSize: 9,
      mutationCount: 0,
      sortCount: 2,
      errorCount: 0,
      warningCount: 0,
    },
    profile: undefined,
  });
});

test('an answer that has nothing of it', () => {
  const nothing = { requestId: '', clientContextId: '', status: '', warnings: [], metrics: undefined };
  expect(readMetadata({})).toEqual({ ...nothing, signature: undefined, profile: undefined });
  expect(readMetadata({ requestID: 1, warnings: 'x', metrics: null })).toMatchObject(nothing);
});

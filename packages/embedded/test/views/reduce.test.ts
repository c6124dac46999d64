import { ReduceError, reducerOf } from '../../src/views/reduce.js';
import { Sandbox } from '../../src/views/sandbox/sandbox.js';
import { row } from './rows.js';

const sandbox = new Sandbox({ timeMs: 10_000, memoryBytes: 16 * 1024 * 1024 });

afterAll(() => sandbox.dispose());

const LISTS = [[row('a', '1', 4), row('a', '2', -1.5)], [row('b', '3', 2)]];

test.each([
  ['_count', ['2', '1'], [['2', '1'], ['7']], ['3', '7']],
  ['_sum', ['2.5', '2'], [['2.5', '2'], ['-1']], ['4.5', '-1']],
  [
    '_stats',
    ['{"sum":2.5,"count":2,"min":-1.5,"max":4,"sumsqr":18.25}', '{"sum":2,"count":1,"min":2,"max":2,"sumsqr":4}'],
    [['{"sum":2.5,"count":2,"min":-1.5,"max":4,"sumsqr":18.25}', '{"sum":2,"count":1,"min":2,"max":2,"sumsqr":4}']],
    ['{"sum":4.5,"count":3,"min":-1.5,"max":4,"sumsqr":22.25}'],
  ],
  [
    'function (keys, values, rereduce) { return { keys: keys, values: values, rereduce: rereduce }; }',
    ['{"keys":["a","a"],"values":[4,-1.5],"rereduce":false}', '{"keys":["b"],"values":[2],"rereduce":false}'],
    [['1', '[]']],
    ['{"keys":null,"values":[1,[]],"rereduce":true}'],
  ],
])('%s', async (source, reduced, values, rereduced) => {
  const reducer = reducerOf(source, sandbox);
  expect(reducer.source).toBe(source);
  expect(await reducer.reduce(LISTS)).toEqual(reduced);
  expect(await reducer.rereduce(values)).toEqual(rereduced);
  expect(await reducer.reduce([])).toEqual([]);
});

test('the built in ones keep 15 digits, from step to step', async () => {
  const rows = [row('a', '1', 0.1), row('a', '2', 0.2), row('a', '3', 1e-20)];
  expect(await reducerOf('_sum', sandbox).reduce([rows])).toEqual(['0.3']);
  expect(await reducerOf('_sum', sandbox).rereduce([['1e+20', '0.333333333333333']])).toEqual(['1e+20']);
  expect(await reducerOf('_stats', sandbox).reduce([[row('a', '1', 1 / 3), row('a', '2', 1e20)]])).toEqual([
    '{"sum":1e+20,"count":2,"min":0.333333333333333,"max":1e+20,"sumsqr":1e+40}',
  ]);
});

test.each(['_sum', '_stats'])('%s takes numbers only', async (source) => {
  const reducer = reducerOf(source, sandbox);
  for (const value of ['1', true, null, [1], {}]) {
    await expect(reducer.reduce([[row('a', '1', value)]])).rejects.toThrow(
      new ReduceError(`Builtin ${source} function requires map values to be numbers`),
    );
  }
});

test('code that throws, or is not a function, is an error', async () => {
  const throwing = reducerOf("function () { throw 'no'; }", sandbox);
  await expect(throwing.reduce(LISTS)).rejects.toThrow(new ReduceError('no'));
  await expect(reducerOf('function (', sandbox).reduce(LISTS)).rejects.toThrow(ReduceError);
});

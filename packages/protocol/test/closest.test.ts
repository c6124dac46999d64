import { closest } from '../src/closest.js';

const names = ['kv_timeout', 'query_timeout', 'network', 'none', 'peer'];

test.each([
  ['kv_timout', 'kv_timeout'],
  ['kv_tiemout', 'kv_timeout'],
  ['KV_TIMEOUT', 'kv_timeout'],
  ['netwrok', 'network'],
  ['quer_timeouts', 'query_timeout'],
  ['pear', 'peer'],
  ['nome', 'none'],
  ['query', 'query_timeout'],
  ['KV_', 'kv_timeout'],
  ['kvTimeout', 'kv_timeout'],
  ['kv-timeout', 'kv_timeout'],
])('%s was meant to be %s', (word, meant) => {
  expect(closest(word, names)).toBe(meant);
});

test.each(['', 'xyz', 'certificate', 'no'])('%p is near to none', (word) => {
  expect(closest(word, names)).toBeUndefined();
});

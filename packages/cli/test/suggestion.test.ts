import { suggestion } from '../src/suggestion.js';

const words = ['bucket', 'nodes', 'username', 'password', 'json'];

test.each([
  ['buckets', 'bucket'],
  ['node', 'nodes'],
  ['user', 'username'],
  ['pasword', 'password'],
  ['jsno', 'json'],
  ['jsn', 'json'],
  ['frobnicate', undefined],
  ['', undefined],
])('for %j suggests %j', (written, expected) => {
  expect(suggestion(written, words)).toBe(expected);
});

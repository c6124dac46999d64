import { prevails } from '../../src/store/conflict.js';
import { draft } from './fixtures.js';

function version(revision: number, cas: number, expiry = 0, flags = 0) {
  return { revision, casHigh: 0, casLow: cas, expiry, flags };
}

test('revision, CAS, expiry and flags decide, in that order', () => {
  const existing = draft('a');
  existing.revision = 5;
  existing.casLow = 10;
  expect(prevails(version(6, 0), existing)).toBe(true);
  expect(prevails(version(4, 99, 99, 99), existing)).toBe(false);
  expect(prevails(version(5, 11), existing)).toBe(true);
  expect(prevails(version(5, 9, 99), existing)).toBe(false);
  expect(prevails({ ...version(5, 0), casHigh: 1 }, existing)).toBe(true);
  expect(prevails(version(5, 10, 1), existing)).toBe(true);
  expect(prevails(version(5, 10, 0, 1), existing)).toBe(true);
  expect(prevails(version(5, 10), existing)).toBe(false);
});

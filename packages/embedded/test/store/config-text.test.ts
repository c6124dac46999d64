import { isNewer } from '../../src/store/config-text.js';

test('the epoch decides before the revision, and equal is not newer', () => {
  const at = (epoch: bigint, revision: bigint) => ({ epoch, revision });
  expect(isNewer(at(1n, 2n), at(1n, 1n))).toBe(true);
  expect(isNewer(at(1n, 1n), at(1n, 1n))).toBe(false);
  expect(isNewer(at(1n, 9n), at(2n, 1n))).toBe(false);
  expect(isNewer(at(2n, 1n), at(1n, 9n))).toBe(true);
  expect(isNewer(at(0n, 0n), undefined)).toBe(true);
});

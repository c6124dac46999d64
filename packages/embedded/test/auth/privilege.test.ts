import { ALL_PRIVILEGES, Privilege, privilegeName } from '../../src/auth/privilege.js';

test('each privilege is a bit of its own', () => {
  const bits = Object.values(Privilege);
  for (const bit of bits) expect(bit & (bit - 1)).toBe(0);
  expect(new Set(bits).size).toBe(bits.length);
  expect(bits.every((bit) => ALL_PRIVILEGES & bit)).toBe(true);
});

test('a set of alternatives goes by the name of its highest bit', () => {
  expect(privilegeName(Privilege.Read)).toBe('Read');
  expect(privilegeName(Privilege.Insert | Privilege.Upsert)).toBe('Upsert');
});

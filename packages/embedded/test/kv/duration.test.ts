import { encodeDuration } from '../../src/kv/duration.js';

// The document gives microseconds = e^1.74 / 2 for the encoded e.
test('a decoded duration is near the encoded one', () => {
  for (const ms of [0.01, 0.5, 12, 400, 60_000]) {
    const decodedMs = encodeDuration(ms) ** 1.74 / 2 / 1000;
    expect(Math.abs(decodedMs - ms) / ms).toBeLessThan(0.2);
  }
});

test('it stays within 16 bits', () => {
  expect(encodeDuration(0)).toBe(0);
  expect(encodeDuration(1e9)).toBe(0xffff);
});

import { Random } from '../../src/base/random.js';
import { type Delay, drawDelay } from '../../src/faults/delay.js';

function draws(delay: Delay, count = 2000): number[] {
  const random = new Random(7);
  return Array.from({ length: count }, () => drawDelay(delay, random)).sort((a, b) => a - b);
}

test('a number is the delay', () => {
  expect(draws(5, 3)).toEqual([5, 5, 5]);
});

test('uniform delays lie between their limits, evenly', () => {
  const all = draws({ uniform: [10, 20] });
  expect(all[0]).toBeGreaterThanOrEqual(10);
  expect(all.at(-1)).toBeLessThan(20);
  expect(all[1000]).toBeGreaterThan(14.5);
  expect(all[1000]).toBeLessThan(15.5);
});

test('lognormal delays have their median and a long tail', () => {
  const all = draws({ lognormal: { medianMs: 10, sigma: 1 } });
  expect(all[1000]).toBeGreaterThan(9);
  expect(all[1000]).toBeLessThan(11);
  // exp(2.326) times the median, for one in a hundred.
  expect(all[1980]).toBeGreaterThan(70);
  expect(all[1980]).toBeLessThan(150);
  expect(draws({ lognormal: { medianMs: 10, sigma: 0 } }, 3)).toEqual([10, 10, 10]);
});

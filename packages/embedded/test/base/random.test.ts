import { Random } from '../../src/base/random.js';

test('one seed gives one sequence, another seed another', () => {
  const draw = (seed: number): number[] => {
    const random = new Random(seed);
    return Array.from({ length: 5 }, () => random.u32());
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  expect(draw(2 ** 40 + 7)).not.toEqual(draw(7));
});

test('numbers spread over the whole range', () => {
  const random = new Random(1);
  const counts = new Array<number>(8).fill(0);
  for (let draw = 0; draw < 8000; draw++) counts[random.below(8)]!++;
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(200);
});

test('uuids have the usual form and do not repeat', () => {
  const random = new Random(1);
  const uuids = Array.from({ length: 100 }, () => random.uuid());
  for (const uuid of uuids) expect(uuid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(new Set(uuids).size).toBe(100);
  expect(random.hex(5)).toMatch(/^[0-9a-f]{5}$/);
});

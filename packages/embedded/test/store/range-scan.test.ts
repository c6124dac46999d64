import { RangeScans, type ScanSpec } from '../../src/store/range-scan.js';
import { draft } from './fixtures.js';
import { ManualClock } from './manual-clock.js';

const KEYS = ['a', 'b', 'ba', 'c', '\xff'];
const DOCUMENTS = ['c', 'a', '\xff', 'ba', 'b'].map((key) => draft(key));
const WISH = { collection: 0, keyOnly: true, includeXattrs: false };

function scans(clock = new ManualClock()): RangeScans {
  let count = 0;
  return new RangeScans(clock, () => (count++ % 256) / 256);
}

function keysOf(of: ScanSpec['of']): string[] {
  const all = scans();
  const id = all.open({ ...WISH, of }, DOCUMENTS);
  if (id === undefined) return [];
  const scan = all.get(id)!;
  const keys: string[] = [];
  while (!scan.isDone) keys.push(scan.take().key);
  return keys;
}

test.each([
  ['a', 'c', true, true, ['a', 'b', 'ba', 'c']],
  ['a', 'c', false, false, ['b', 'ba']],
  ['b', 'b\xff', true, true, ['b', 'ba']],
  ['', '\xff', true, true, KEYS],
  ['d', 'e', true, true, []],
])('from %j to %j, start included %p, end included %p', (start, end, startIsIncluded, endIsIncluded, expected) => {
  expect(keysOf({ start, end, startIsIncluded, endIsIncluded })).toEqual(expected);
});

test('a sample has about the size that was asked for, and follows from its seed', () => {
  const many = Array.from({ length: 1000 }, (_, index) => draft(`k${index}`));
  const take = (seed: number): string[] => {
    const all = scans();
    const scan = all.get(all.open({ ...WISH, of: { samples: 100, seed } }, many)!)!;
    const keys: string[] = [];
    while (!scan.isDone) keys.push(scan.take().key);
    return keys;
  };
  expect(take(1).length).toBeGreaterThan(50);
  expect(take(1).length).toBeLessThan(150);
  expect(take(1)).toEqual(take(1));
  expect(take(1)).not.toEqual(take(2));
  expect(keysOf({ samples: 5, seed: 1 })).toEqual(KEYS);
});

test('a scan is closed by its id, or when its time is over', () => {
  const clock = new ManualClock();
  const all = scans(clock);
  const spec = { ...WISH, of: { samples: 9, seed: 0 } };
  const [first, second] = [all.open(spec, DOCUMENTS)!, all.open(spec, DOCUMENTS)!];
  expect(first).toHaveLength(16);
  expect(all.close(first)).toBe(true);
  expect(all.close(first)).toBe(false);
  expect(all.get(second)).toBeDefined();
  clock.advance(180_000);
  expect(all.get(second)).toBeUndefined();
});

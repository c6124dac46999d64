import { type SequenceName, SequenceStore } from '../../src/index.js';

const NAME: SequenceName = { namespace: 'default', bucket: 'b', scope: 's', name: 'q' };

function draw(store: SequenceStore, count: number): (bigint | string)[] {
  return Array.from({ length: count }, () => {
    try {
      return store.next(NAME);
    } catch (error) {
      return (error as Error).message;
    }
  });
}

const LIMIT = "Sequence 'default:b.s.q' has reached its limit";

test.each([
  [{}, [0n, 1n, 2n]],
  [{ start: 5, increment: -2 }, [5n, 3n, 1n]],
  [{ min: 7 }, [7n, 8n, 9n]],
  [{ max: 7, increment: -1 }, [7n, 6n, 5n]],
  [{ start: 1, max: 2 }, [1n, 2n, LIMIT, LIMIT]],
  [{ start: 2, min: 1, increment: -1, cache: 1 }, [2n, 1n, LIMIT]],
  [{ start: 2, max: 3, min: 0, cycle: true }, [2n, 3n, 0n, 1n, 2n, 3n, 0n]],
  [{ start: 1, min: 0, max: 2, increment: -1, cycle: true, cache: 2 }, [1n, 0n, 2n, 1n, 0n, 2n]],
  [{ start: 9223372036854775806n, cache: 1 }, [9223372036854775806n, 9223372036854775807n, LIMIT]],
])('a sequence with %p gives its values', (options, values) => {
  const store = new SequenceStore();
  store.create(NAME, options);
  expect(draw(store, values.length)).toEqual(values);
});

test('the value drawn last is known, from the first on', () => {
  const store = new SequenceStore();
  store.create(NAME, {});
  expect(store.previous(NAME)).toBeUndefined();
  store.next(NAME);
  store.next(NAME);
  expect(store.previous(NAME)).toBe(1n);
});

test.each([
  [{ restart: 10 }, [10n, 11n]],
  [{ restart: true }, [3n, 4n]],
  // What is reserved with a block is discarded.
  [{ max: 100 }, [8n, 9n]],
  [{ increment: 10 }, [8n, 18n]],
  [{ cache: 2 }, [8n, 9n, 10n]],
])('ALTER with %p goes on', (options, values) => {
  const store = new SequenceStore();
  store.create(NAME, { start: 3, cache: 5 });
  draw(store, 2);
  store.alter(NAME, options);
  expect(draw(store, values.length)).toEqual(values);
});

test.each([
  ['create', { min: 2, max: 2 }, 'Invalid range 2 to 2'],
  ['create', { cache: -1 }, 'Invalid cache value -1'],
  ['create', { cycle: 1 }, "Invalid value for 'cycle'"],
  ['create', { max: 1.5 }, "Invalid value for 'max'"],
  ['create', { restart: 1 }, "Invalid option 'restart'"],
  ['alter', { start: 1 }, "Invalid option 'start'"],
  ['alter', { min: 8, max: 7 }, 'Invalid range 8 to 7'],
] as const)('%s with %p is refused, and changes nothing', (what, options, cause) => {
  const store = new SequenceStore();
  if (what === 'alter') store.create(NAME, {});
  expect(() => store[what](NAME, options)).toThrow(
    expect.objectContaining({ reason: expect.objectContaining({ message: cause }) }),
  );
  if (what === 'alter') expect(draw(store, 2)).toEqual([0n, 1n]);
  else expect([...store.entries()]).toEqual([]);
});

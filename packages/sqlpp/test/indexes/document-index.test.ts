import fc from 'fast-check';
import { DocumentIndex, type IndexSpan, type Item, type Value } from '../../src/index.js';
import { compare } from '../../src/values/collation.js';
import { entriesOf, holding, indexOf, rowsOf } from './indexed.js';

async function indexed(keys: string, documents: Readonly<Record<string, Value>>, tail = '') {
  const catalog = holding(documents);
  await rowsOf(catalog, `CREATE INDEX i ON g(${keys})${tail}`);
  return indexOf(catalog, 'i');
}

const equals = (value: Value): IndexSpan['ranges'][number] => ({
  low: { value, inclusive: true },
  high: { value, inclusive: true },
});

describe('the entries of an index', () => {
  test('are in the order of all values, then of the keys of the documents', async () => {
    const index = await indexed('n', {
      c: { n: 'x' },
      b: { n: 1 },
      a: { n: 1 },
      d: { n: null },
      e: { n: [] },
      f: { n: true },
    });
    expect(entriesOf(index)).toEqual([
      [null, 'd'],
      [true, 'f'],
      [1, 'a'],
      [1, 'b'],
      ['x', 'c'],
      [[], 'e'],
    ]);
  });

  test('are of documents in which the first key is not MISSING', async () => {
    const documents = { a: { m: 1 }, b: { n: 1 }, c: 'text' };
    expect(entriesOf(await indexed('n, m', documents))).toEqual([[1, undefined, 'b']]);
    const all = [
      [undefined, 1, 'a'],
      [undefined, undefined, 'c'],
      [1, undefined, 'b'],
    ];
    expect(entriesOf(await indexed('n INCLUDE MISSING, m', documents)).sort()).toEqual(all.sort());
  });

  test('go down by a key with DESC', async () => {
    const index = await indexed('n DESC, m', { a: { n: 1, m: 2 }, b: { n: 2, m: 1 }, c: { n: 1, m: 1 } });
    expect(entriesOf(index)).toEqual([
      [2, 1, 'b'],
      [1, 1, 'c'],
      [1, 2, 'a'],
    ]);
    expect(entriesOf(index, [{ ranges: [equals(1)] }])).toEqual([
      [1, 1, 'c'],
      [1, 2, 'a'],
    ]);
    const above: IndexSpan = { ranges: [{ low: { value: 1, inclusive: false } }] };
    expect(entriesOf(index, [above])).toEqual([[2, 1, 'b']]);
  });

  test('are of documents that meet the condition', async () => {
    const documents = { a: { n: 1, kind: 'x' }, b: { n: 2, kind: 'y' }, c: { n: 3 } };
    expect(entriesOf(await indexed('n', documents, " WHERE kind = 'x'"))).toEqual([[1, 'a']]);
  });

  test('are those of the elements of an array, each document once unless all are asked for', async () => {
    const documents = { a: { s: [1, 2, 2] }, b: { s: [] }, c: { s: 'no array' }, d: { s: [2] } };
    const distinct = await indexed('DISTINCT s', documents);
    expect(entriesOf(distinct)).toEqual([
      [1, 'a'],
      [2, 'd'],
    ]);
    expect(entriesOf(distinct, [{ ranges: [] }], { distinct: false })).toEqual([
      [1, 'a'],
      [2, 'a'],
      [2, 'd'],
    ]);
    const all = await indexed('ALL ARRAY x * 10 FOR x IN s WHEN x > 1 END', documents);
    expect(entriesOf(all, [{ ranges: [] }], { distinct: false })).toEqual([
      [20, 'a'],
      [20, 'a'],
      [20, 'd'],
    ]);
  });

  test('have a column for each of FLATTEN_KEYS, and for the keys around', async () => {
    const documents = {
      a: {
        k: 1,
        s: [
          { p: 1, q: 1 },
          { p: 1, q: 2 },
        ],
      },
      b: { k: 2 },
    };
    const index = await indexed('k, DISTINCT ARRAY FLATTEN_KEYS(x.p, x.q DESC) FOR x IN s END', documents);
    expect(entriesOf(index, [{ ranges: [] }], { distinct: false })).toEqual([
      [1, 1, 2, 'a'],
      [1, 1, 1, 'a'],
      [2, undefined, undefined, 'b'],
    ]);
  });

  test('follow the documents as they change', async () => {
    const catalog = holding({ a: { n: 1 }, b: { n: 2 } });
    await rowsOf(catalog, 'CREATE INDEX i ON g(n)');
    await rowsOf(catalog, 'UPDATE g SET n = 3 WHERE n = 1');
    await rowsOf(catalog, 'INSERT INTO g VALUES ("c", {"n": 0})');
    await rowsOf(catalog, 'DELETE FROM g WHERE n = 2');
    expect(entriesOf(indexOf(catalog, 'i'))).toEqual([
      [0, 'c'],
      [3, 'a'],
    ]);
  });

  test('of a primary index are the keys of all documents', async () => {
    const catalog = holding({ b: {}, a: 'text' });
    await rowsOf(catalog, 'CREATE PRIMARY INDEX ON g');
    expect(entriesOf(indexOf(catalog, '#primary')).map(([id]) => id)).toEqual(['a', 'b']);
  });

  test('may be of expressions, of META() and of what cannot be evaluated', async () => {
    const index = await indexed('LOWER(n), META().id, REGEXP_CONTAINS("a", p)', { a: { n: 'X', p: '(' } });
    expect(entriesOf(index)).toEqual([['x', 'a', undefined, 'a']]);
  });
});

const anyValue = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom('a', 'b', null, true, undefined));
const anyChange = fc.record({ id: fc.integer({ min: 0, max: 40 }).map(String), n: anyValue, isRemoval: fc.boolean() });
const anyRange = fc.record({
  low: fc.option(fc.record({ value: anyValue, inclusive: fc.boolean() }), { nil: undefined }),
  high: fc.option(fc.record({ value: anyValue, inclusive: fc.boolean() }), { nil: undefined }),
});

function isWithin(value: Value, { low, high }: IndexSpan['ranges'][number]): boolean {
  const below =
    low !== undefined && (compare(value, low.value) < 0 || (compare(value, low.value) === 0 && !low.inclusive));
  const above =
    high !== undefined && (compare(value, high.value) > 0 || (compare(value, high.value) === 0 && !high.inclusive));
  return !below && !above;
}

describe('a scan', () => {
  test.each([
    ['n', false],
    ['n', true],
    ['n DESC', false],
  ] as const)('over %s, reverse %s, gives what a filter of all entries gives', async (key, reverse) => {
    const { definition } = await indexed(`${key} INCLUDE MISSING`, {});
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 200 }), anyRange, (changes, range) => {
        const index = new DocumentIndex(definition);
        const documents = new Map<string, Item>();
        for (const { id, n, isRemoval } of changes) {
          const item = { id, document: n === undefined ? {} : { n } };
          if (isRemoval) documents.delete(id);
          else documents.set(id, item);
          if (isRemoval) index.remove(id);
          else index.put(item);
        }
        const sign = key === 'n DESC' ? -1 : 1;
        const keyOf = ({ document }: Item): Value => (document as { n?: Value }).n;
        const expected = [...documents.values()]
          .filter((item) => isWithin(keyOf(item), range))
          .sort((a, b) => sign * compare(keyOf(a), keyOf(b)) || compare(a.id, b.id))
          .map((item) => [keyOf(item), item.id]);
        const found = entriesOf(index, [{ ranges: [range] }], { reverse });
        expect(reverse ? found.reverse() : found).toEqual(expected);
        const loaded = new DocumentIndex(definition);
        loaded.load(documents.values());
        expect(entriesOf(loaded)).toEqual(entriesOf(index));
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  test.each([false, true])(
    'goes on where it was if entries come and go between batches, reverse %s',
    async (reverse) => {
      const { definition } = await indexed('n', {});
      const index = new DocumentIndex(definition);
      const itemOf = (n: number): Item => ({ id: `d${n}`, document: { n } });
      index.load(Array.from({ length: 2000 }, (_, n) => itemOf(n * 2)));
      const seen: number[] = [];
      for (const batch of index.scan([{ ranges: [] }], { reverse })) {
        for (const { keys } of batch) seen.push(Number(keys[0]));
        const last = seen[seen.length - 1] as number;
        for (const n of [last - 2, last, last + 2]) index.remove(`d${n}`);
        for (let n = -301; n < 301; n += 2) index.put(itemOf(last + n));
      }
      expect(seen).toEqual([...seen].sort((a, b) => (reverse ? b - a : a - b)));
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.length).toBeGreaterThan(1900);
    },
  );
});

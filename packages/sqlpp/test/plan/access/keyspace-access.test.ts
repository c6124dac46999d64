import fc from 'fast-check';
import { catalogOf } from '../../../../../test/sqlpp/sorted-keyspaces.js';
import { type Catalog, jsonText, type Keyspace, query, type Value } from '../../../src/index.js';
import { holding, rowsOf } from '../../indexes/indexed.js';

/** Counts the documents that statements look at. */
function counting(catalog: Catalog): { readonly catalog: Catalog; looked(): number } {
  let looked = 0;
  const counted = (keyspace: Keyspace): Keyspace => ({
    get: (id) => {
      looked++;
      return keyspace.get(id);
    },
    *scan() {
      for (const batch of keyspace.scan()) {
        looked += batch.length;
        yield batch;
      }
    },
    indexes: () => keyspace.indexes?.() ?? [],
  });
  return {
    catalog: {
      ...catalog,
      keyspace: (name) => {
        const found = catalog.keyspace(name);
        return found && counted(found);
      },
    },
    looked: () => looked,
  };
}

const documents = Object.fromEntries(
  Array.from({ length: 200 }, (_, n) => [
    `d${n}`,
    {
      n,
      kind: n % 2 === 0 ? 'even' : 'odd',
      name: `name${n}`,
      tags: [n, n + 1],
      parts: [{ p: n, q: n % 3 }],
      m: { x: n },
    },
  ]),
);

async function lookedAt(indexes: readonly string[], statement: string, options: object = {}): Promise<number> {
  const catalog = holding(documents);
  for (const index of indexes) await rowsOf(catalog, index);
  const plain = await rowsOf(holding(documents), statement, options);
  const { catalog: counted, looked } = counting(catalog);
  const rows = await rowsOf(counted, statement, options);
  expect(rows.map(jsonText).sort()).toEqual(plain.map(jsonText).sort());
  return looked();
}

const PARTS = 'CREATE INDEX i ON g(DISTINCT ARRAY FLATTEN_KEYS(x.p, x.q) FOR x IN parts END)';

describe('a predicate on the keys of an index leaves few documents to look at', () => {
  test.each<[predicate: string, most: number, index?: string]>([
    ['n = 5', 1],
    ['5 = n', 1],
    ['n > 190', 9],
    ['n >= 190 AND n < 195', 5],
    ['n BETWEEN 3 AND 5', 3],
    ['n IN [1, 2, 2, "x"]', 2],
    ['n IN $list', 3],
    ['n = $one', 1],
    ['n = 1 OR n = 7 OR n > 198', 3],
    ['n = 5 AND n = 6', 0],
    ['n IS NULL', 0],
    ['n != 0 AND n < 3', 2],
    ['n = 5 AND RANDOM() < 2', 1],
    ['name LIKE "name19%"', 11, 'CREATE INDEX i ON g(name)'],
    ['name LIKE "name1"', 1, 'CREATE INDEX i ON g(name)'],
    ['LOWER(g.name) = "name7"', 1, 'CREATE INDEX i ON g(LOWER(name))'],
    ['m.x = 9', 1, 'CREATE INDEX i ON g(m.x)'],
    ['kind = "odd" AND n < 10', 5, 'CREATE INDEX i ON g(kind, n DESC)'],
    ['kind = "odd" AND name = "name7" AND n > 1', 1, 'CREATE INDEX i ON g(kind, n, name)'],
    ['META().id = "d7"', 1, 'CREATE PRIMARY INDEX ON g'],
    ['META(g).id LIKE "d19%"', 11, 'CREATE PRIMARY INDEX ON g'],
    ['ANY t IN tags SATISFIES t = 7 END', 2, 'CREATE INDEX i ON g(DISTINCT tags)'],
    ['7 IN tags', 2, 'CREATE INDEX i ON g(ALL tags)'],
    ['ANY y IN parts SATISFIES y.p > 195 AND y.q = 0 END', 1, PARTS],
    ['ANY AND EVERY y IN parts SATISFIES y.p = 195 END', 1, PARTS],
    ['n > 150 AND kind = "odd"', 25, 'CREATE INDEX i ON g(n) WHERE kind = "odd"'],
    ['n > 190 AND n < 500', 9, 'CREATE INDEX i ON g(n) WHERE n > 100'],
    ['n = 5 AND n IS NOT MISSING', 1, 'CREATE INDEX i ON g(n) WHERE n IS NOT NULL'],
    ['kind IS NOT MISSING AND n = 5', 1, 'CREATE INDEX i ON g(n) WHERE kind IS NOT MISSING'],
  ])('%s', async (predicate, most, index = 'CREATE INDEX i ON g(n)') => {
    const options = { named: { one: 5, list: [1, 2, 3] } };
    expect(await lookedAt([index], `SELECT n, g.other, META(g).id FROM g WHERE ${predicate}`, options)).toBe(most);
  });

  test.each([
    ['n + 1 = 5', 'CREATE INDEX i ON g(n)'],
    ['n = name', 'CREATE INDEX i ON g(n)'],
    ['n = RANDOM()', 'CREATE INDEX i ON g(n)'],
    ['name = "name1"', 'CREATE INDEX i ON g(n, name)'],
    ['n = 5 OR kind = "odd"', 'CREATE INDEX i ON g(n)'],
    ['n > 50', 'CREATE INDEX i ON g(n) WHERE n > 100'],
    ['n = 5', 'CREATE INDEX i ON g(n) WHERE kind = "odd"'],
    ['n = 5', 'CREATE INDEX i ON g(n) WITH {"defer_build": true}'],
    ['EVERY t IN tags SATISFIES t = 7 END', 'CREATE INDEX i ON g(DISTINCT tags)'],
    ['ANY t IN tags SATISFIES t = 7 END', 'CREATE INDEX i ON g(DISTINCT ARRAY t FOR t IN tags WHEN t > 10 END)'],
    ['n IS MISSING', 'CREATE INDEX i ON g(n)'],
    ['NOT (n = 5)', 'CREATE INDEX i ON g(n)'],
    ['ANY y IN parts SATISFIES y.p = y.q END', 'CREATE INDEX i ON g(DISTINCT ARRAY x.p FOR x IN parts END)'],
    ['ANY t IN tags SATISFIES t = n END', 'CREATE INDEX i ON g(DISTINCT tags)'],
  ])('but %s is not one on the keys of %s', async (predicate, index) => {
    expect(await lookedAt([index], `SELECT n, other FROM g WHERE ${predicate}`)).toBe(200);
  });

  test('of several indexes the one with most single values is taken, unless another is named', async () => {
    const indexes = ['CREATE INDEX i ON g(kind)', 'CREATE INDEX j ON g(kind, n)', 'CREATE INDEX k ON g(n)'];
    const where = 'WHERE kind = "odd" AND n IN [1, 2, 3]';
    expect(await lookedAt(indexes, `SELECT n, other FROM g ${where}`)).toBe(2);
    expect(await lookedAt(indexes, `SELECT n, other FROM g USE INDEX (i) ${where}`)).toBe(100);
    expect(await lookedAt(indexes, `SELECT n, other FROM g USE INDEX (k USING GSI, nope) ${where}`)).toBe(3);
    expect(await lookedAt(indexes, `SELECT n, other FROM g USE INDEX (nope) ${where}`)).toBe(2);
  });

  test('each side of an OR may have an index of its own', async () => {
    const indexes = ['CREATE INDEX i ON g(n)', 'CREATE INDEX j ON g(name)'];
    expect(await lookedAt(indexes, 'SELECT n, other FROM g WHERE n < 3 OR name = "name1" OR name = "name9"')).toBe(4);
  });

  test('in UPDATE, DELETE and subqueries too', async () => {
    const index = 'CREATE INDEX i ON g(n)';
    expect(await lookedAt([index], 'SELECT (SELECT RAW t.name FROM g t WHERE t.n = s) AS s FROM [3, 4] AS s')).toBe(2);
    expect(await lookedAt([index], 'SELECT x.q FROM g UNNEST g.parts AS x WHERE x.p = 5 AND g.n = 5')).toBe(1);
    expect(await lookedAt([PARTS], 'SELECT x.q FROM g UNNEST g.parts AS x WHERE x.p = 5')).toBe(1);
    expect(await lookedAt([PARTS], 'SELECT x.q FROM g LEFT UNNEST g.parts AS x WHERE x.p = 5')).toBe(200);
  });

  test('whatever other names in the statement are', async () => {
    const values = '(SELECT RAW g.n FROM g WHERE ANY v IN g.tags SATISFIES v = `element` END)';
    expect(
      await lookedAt(['CREATE INDEX i ON g(DISTINCT tags)'], `SELECT ${values} AS s FROM [7] AS \`element\``),
    ).toBe(2);
    const turned = '(SELECT RAW g.n FROM g WHERE ANY v IN g.tags SATISFIES `element` = v + 0 END)';
    expect(
      await lookedAt(['CREATE INDEX i ON g(DISTINCT tags)'], `SELECT ${turned} AS s FROM [7] AS \`element\``),
    ).toBe(200);
  });

  test('in joins, for each row in front', async () => {
    const join = 'SELECT a.n, b.name FROM [{"n": 5}, {"n": 6}, {"n": "x"}] AS a';
    const index = 'CREATE INDEX i ON g(n)';
    expect(await lookedAt([index], `${join} JOIN g AS b ON b.n = a.n`)).toBe(2);
    expect(await lookedAt([index], `${join} LEFT JOIN g AS b ON b.n = a.n AND b.kind = "odd"`)).toBe(2);
    expect(await lookedAt([index], `${join} NEST g AS b ON b.n BETWEEN a.n AND a.n + 1`)).toBe(4);
    expect(await lookedAt([index], `${join} JOIN g AS b USE HASH(BUILD) ON b.n = a.n`)).toBe(200);
    expect(
      await lookedAt(['CREATE PRIMARY INDEX ON g'], `${join} JOIN g AS b ON META(b).id = "d" || TOSTRING(a.n)`),
    ).toBe(2);
    expect(
      await lookedAt([index], 'SELECT a.n, b.name FROM [1, 2] AS a RIGHT JOIN g AS b ON b.n = a WHERE b.n < 4'),
    ).toBe(4);
  });

  test.each([
    ['META().id = "d7"', 1],
    ['META(g).id IN ["d7", "d7", "nope", 5]', 2],
    ['META().id = $one', 0],
    ['META().id = "d7" AND META().id = "d8"', 0],
    ['META().id LIKE "d1%"', 200],
  ])('without an index too if it is %s', async (predicate, most) => {
    expect(await lookedAt([], `SELECT n, META().id FROM g WHERE ${predicate}`, { named: { one: 5 } })).toBe(most);
  });

  test('single keys before other single values', async () => {
    const indexes = ['CREATE INDEX i ON g(kind, n)', 'CREATE PRIMARY INDEX ON g'];
    const where = 'WHERE kind = "odd" AND META().id IN ["d7", "d8"]';
    expect(await lookedAt(indexes, `SELECT n, other FROM g ${where}`)).toBe(2);
  });

  test('and a limit ends the scan', async () => {
    const catalog = holding(documents);
    await rowsOf(catalog, 'CREATE INDEX i ON g(n)');
    const { catalog: counted, looked } = counting(catalog);
    await rowsOf(counted, 'SELECT n, other FROM g WHERE n > 10 LIMIT 3');
    expect(looked()).toBeLessThan(20);
  });

  test('an expression that cannot be evaluated fails as it does without an index', async () => {
    const catalog = holding(documents);
    await rowsOf(catalog, 'CREATE INDEX i ON g(n)');
    await expect(rowsOf(catalog, 'SELECT n, other FROM g WHERE n = $nope')).rejects.toThrow(
      /^5010 Error evaluating filter/,
    );
  });
});

describe('an index that has all that a select uses', () => {
  test.each([
    'SELECT n, META().id FROM g WHERE n < 5 AND name IS NOT MISSING AND n > 1',
    'SELECT kind, COUNT(*) AS c, SUM(m.x) AS s FROM g WHERE n >= 0 GROUP BY kind',
    'SELECT META().id FROM g',
    'SELECT COUNT(1) AS c FROM g',
    'SELECT t.m.x FROM g AS t WHERE t.n < 9 ORDER BY t.kind, t.n DESC LIMIT 3',
    'SELECT DISTINCT RAW kind FROM g WHERE n > 3',
    'SELECT SUM(n) OVER (ORDER BY n) AS s FROM g WHERE n < 10',
  ])('serves %s without the documents', async (statement) => {
    const wide = 'CREATE INDEX i ON g(n, m.x, kind)';
    const index = statement.includes('name') ? 'CREATE INDEX i ON g(n, name)' : wide;
    expect(await lookedAt([index, 'CREATE PRIMARY INDEX ON g'], statement)).toBe(0);
  });

  test.each([
    'SELECT * FROM g WHERE n < 5',
    'SELECT RAW g FROM g WHERE n < 5',
    'SELECT g.* FROM g WHERE n < 5',
    'SELECT m FROM g WHERE n < 5',
    'SELECT n, tags FROM g WHERE n < 5',
    'SELECT META(g).cas > 0 AS c FROM g WHERE n < 5',
    'SELECT n, (SELECT RAW g.name)[0] AS s FROM g WHERE n < 5',
    'SELECT x FROM g WHERE n < 5 GROUP BY kind GROUP AS x',
    'SELECT SELF AS s FROM g WHERE n < 5',
  ])('does not serve %s', async (statement) => {
    expect(await lookedAt(['CREATE INDEX i ON g(n, m.x, kind)'], statement)).toBe(5);
  });

  test('documents are not read if only their keys are used', async () => {
    const catalog = holding(documents);
    const unread: Catalog = {
      keyspace: (name) => {
        const keyspace = catalog.keyspace(name) as Keyspace;
        return {
          get: (id) => keyspace.get(id),
          *scan() {
            for (const batch of keyspace.scan()) {
              yield batch.map(({ id }) => ({
                id,
                get document(): Value {
                  throw new Error('the document was read');
                },
              }));
            }
          },
        };
      },
    };
    expect(await rowsOf(unread, 'SELECT RAW COUNT(*) FROM g')).toEqual([200]);
    expect(await rowsOf(unread, 'SELECT RAW META().id FROM g WHERE META().id LIKE "d19_"')).toHaveLength(10);
    await expect(rowsOf(unread, 'SELECT n FROM g')).rejects.toThrow('the document was read');
  });

  test('tells what its condition says', async () => {
    const index = 'CREATE INDEX i ON g(n) WHERE kind = "odd"';
    expect(await lookedAt([index], 'SELECT n, kind FROM g WHERE kind = "odd" AND n < 9')).toBe(0);
  });
});

describe('an index in the order of ORDER BY', () => {
  async function sortedRows(keys: string, statement: string): Promise<number> {
    const catalog = holding(documents);
    await rowsOf(catalog, `CREATE INDEX i ON g(${keys})`);
    const expected = await rowsOf(holding(documents), statement);
    const run = query(statement, { catalog });
    expect((await run.rows()).map(jsonText)).toEqual(expected.map(jsonText));
    return run.sortCount;
  }

  test.each([
    ['n', 'SELECT n FROM g WHERE n > 100 ORDER BY n LIMIT 5'],
    ['n', 'SELECT name FROM g WHERE n > 100 ORDER BY g.n DESC OFFSET 3 LIMIT 5'],
    ['n', 'SELECT n AS x FROM g WHERE n > 100 ORDER BY x'],
    ['kind, n', 'SELECT name FROM g WHERE kind = "odd" ORDER BY n DESC'],
    ['kind, n', 'SELECT name FROM g WHERE kind > "a" ORDER BY kind, n'],
    ['kind DESC, n', 'SELECT name FROM g WHERE kind > "a" ORDER BY kind, n DESC'],
    ['kind, n', 'SELECT g.name, x FROM g UNNEST [1, 2] AS x WHERE g.kind > "a" ORDER BY g.kind, g.n'],
  ])('on %s makes the sort of %s unnecessary', async (keys, statement) => {
    expect(await sortedRows(keys, statement)).toBe(0);
  });

  test.each([
    ['n', 'SELECT n FROM g WHERE n IN [9, 3, 5] ORDER BY n'],
    ['kind, n', 'SELECT name FROM g WHERE kind > "a" ORDER BY kind, n DESC'],
    ['kind, n', 'SELECT name FROM g WHERE kind > "a" ORDER BY n'],
    ['n', 'SELECT n FROM g WHERE n > 100 ORDER BY n NULLS LAST'],
    ['n', 'SELECT n FROM g WHERE n > 100 ORDER BY -n'],
    ['n', 'SELECT kind, COUNT(*) AS c FROM g WHERE n > 100 GROUP BY kind ORDER BY kind'],
    ['ALL tags', 'SELECT n FROM g WHERE ANY t IN tags SATISFIES t > 3 END ORDER BY n'],
  ])('on %s does not have that of %s', async (keys, statement) => {
    expect(await sortedRows(keys, statement)).toBeGreaterThan(0);
  });
});

describe('with indexRequired', () => {
  const codes = async (statement: string, ...indexes: readonly string[]): Promise<readonly string[]> => {
    const catalog = holding(documents);
    for (const index of indexes) await rowsOf(catalog, index);
    const run = query(statement, { catalog, indexRequired: true });
    await run.rows();
    return run.errors.map(({ code, msg }) => `${code} ${msg}`);
  };

  test.each(['SELECT * FROM g WHERE n = 5', 'UPDATE g SET n = 5', 'SELECT 1 FROM [1] AS a JOIN g AS b ON b.n = a'])(
    '%s is refused without an index',
    async (statement) => {
      const [error] = await codes(statement);
      expect(error).toBe(
        '4120 No index available on keyspace `default`:`g` that matches your query. Use CREATE PRIMARY INDEX ON ' +
          '`default`:`g` to create a primary index, or check that your expected index is online.',
      );
      expect(await codes(statement, 'CREATE INDEX i ON g(kind)')).toHaveLength(1);
      expect(await codes(statement, 'CREATE PRIMARY INDEX ON g WITH {"defer_build": true}')).toHaveLength(1);
      expect(await codes(statement, 'CREATE PRIMARY INDEX ON g')).toEqual([]);
      expect(await codes(statement, 'CREATE INDEX i ON g(n INCLUDE MISSING)')).toEqual([]);
    },
  );

  test.each(['SELECT * FROM g USE KEYS "d1"', 'SELECT * FROM [1] AS a', 'INSERT INTO g VALUES ("new", 1)'])(
    '%s needs none',
    async (statement) => {
      expect(await codes(statement)).toEqual([]);
    },
  );
});

const scalar = fc.oneof(
  fc.integer({ min: -2, max: 6 }),
  fc.constantFrom<Value>(null, true, false, 'a', 'ab', 'b', 'a%', '', 1.5, [1], { p: 1 }),
);
const maybe = fc.option(scalar, { nil: undefined, freq: 4 });
const list = fc.oneof({ weight: 4, arbitrary: fc.array(scalar, { maxLength: 3 }) }, { weight: 1, arbitrary: maybe });
const anyDocument = fc
  .record({ a: maybe, b: maybe, s: list, o: fc.option(fc.record({ p: maybe, q: maybe }), { nil: undefined }) })
  .map((document) => JSON.parse(JSON.stringify(document)) as Value);

const path = fc.constantFrom('a', 'b', 'o.p', 'o.q', 'g.a', 'META().id', 'LOWER(a)');
const literal = scalar.map((value) => jsonText(value));
const comparison = fc
  .tuple(path, fc.constantFrom('=', '!=', '<', '<=', '>', '>='), literal, fc.boolean())
  .map(([key, operator, value, first]) => (first ? `${key} ${operator} ${value}` : `${value} ${operator} ${key}`));
const test1 = fc.tuple(
  path,
  fc.constantFrom('NULL', 'NOT NULL', 'MISSING', 'NOT MISSING', 'VALUED', 'NOT VALUED', 'UNKNOWN'),
);
const leaf = fc.oneof(
  { weight: 4, arbitrary: comparison },
  test1.map(([key, what]) => `${key} IS ${what}`),
  fc.tuple(path, fc.array(literal, { maxLength: 3 })).map(([key, values]) => `${key} IN [${values.join()}]`),
  fc.tuple(path, literal, literal).map(([key, low, high]) => `${key} BETWEEN ${low} AND ${high}`),
  fc.tuple(path, fc.constantFrom('a%', '%', 'ab', '_b', 'a\\\\%')).map(([key, pattern]) => `${key} LIKE "${pattern}"`),
  path.map((key) => key),
  fc
    .tuple(fc.constantFrom('ANY', 'ANY AND EVERY', 'EVERY'), fc.constantFrom('=', '<', '>='), literal)
    .map(([kind, operator, value]) => `${kind} v IN s SATISFIES v ${operator} ${value} END`),
  literal.map((value) => `${value} IN s`),
  fc.constantFrom('a IN s', 'a = b', 'ANY v IN s SATISFIES v = a END', 'ANY v IN s SATISFIES v.p = v.q OR v = b END'),
);
const predicate = fc.oneof(
  leaf,
  fc.tuple(leaf, leaf).map(([x, y]) => `${x} AND ${y}`),
  fc.tuple(leaf, leaf, leaf).map(([x, y, z]) => `(${x} OR ${y}) AND ${z}`),
  fc.tuple(leaf, leaf).map(([x, y]) => `(${x} OR ${y})`),
  fc.tuple(leaf, leaf).map(([x, y]) => `NOT (${x}) AND ${y}`),
);
const key = fc.tuple(fc.constantFrom('a', 'b', 'o.p', 'o.q', 'LOWER(a)', 'META().id'), fc.constantFrom('', ' DESC'));
const arrayKey = fc.constantFrom(
  'DISTINCT s',
  'ALL s',
  'DISTINCT ARRAY v FOR v IN s END',
  'ALL ARRAY v FOR v IN s WHEN v > 0 END',
);
const anyIndex = fc
  .record({
    keys: fc.array(key, { minLength: 1, maxLength: 3 }),
    array: fc.option(fc.tuple(arrayKey, fc.boolean()), { nil: undefined }),
    where: fc.option(leaf, { nil: undefined, freq: 3 }),
    missing: fc.boolean(),
  })
  .map(({ keys, array, where, missing }) => {
    const texts = keys.map(
      ([text, order], at) => text + order + (at === 0 && missing && array?.[1] !== true ? ' INCLUDE MISSING' : ''),
    );
    if (array !== undefined) texts.splice(array[1] ? 0 : texts.length, 0, array[0]);
    return `(${texts.join(', ')})${where === undefined ? '' : ` WHERE ${where}`}`;
  });

test('the rows of any predicate are the same with and without indexes', async () => {
  const cases = fc.record({
    documents: fc.array(anyDocument, { minLength: 5, maxLength: 30 }),
    indexes: fc.array(anyIndex, { minLength: 1, maxLength: 3 }),
    predicates: fc.array(predicate, { minLength: 10, maxLength: 10 }),
    primary: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ documents: all, indexes, predicates, primary }) => {
      const entries = all.map((document, at): readonly [string, Value] => [`k${at}`, document]);
      const [plain, indexed] = [catalogOf({ g: entries }), catalogOf({ g: entries })];
      if (primary) await rowsOf(indexed, 'CREATE PRIMARY INDEX ON g');
      for (const [at, text] of indexes.entries()) await rowsOf(indexed, `CREATE INDEX i${at} ON g${text}`);
      for (const [at, where] of predicates.entries()) {
        const fields = at % 2 === 0 ? '' : ', a, o.p, META(g).cas > 0 AS c';
        const statement = `SELECT META(g).id${fields} FROM g WHERE ${where}`;
        const rows = await Promise.all([plain, indexed].map((catalog) => rowsOf(catalog, statement)));
        const [expected, found] = rows.map((all) => all.map(jsonText).sort());
        expect({ statement, indexes, ids: found }).toEqual({ statement, indexes, ids: expected });
      }
    }),
    { seed: 11, numRuns: 40 },
  );
}, 120_000);

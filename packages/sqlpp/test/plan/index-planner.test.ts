import { type Catalog, query } from '../../src/index.js';
import { holding, indexOf, rowsOf } from '../indexes/indexed.js';

async function errorsOf(catalog: Catalog, statement: string, options: object = {}): Promise<string[]> {
  const run = query(statement, { ...options, catalog });
  await run.rows();
  return run.errors.map(({ code, msg }) => `${code} ${msg}`);
}

function namesOf(catalog: Catalog): string[] | undefined {
  const keyspace = catalog.keyspace({ namespace: 'default', bucket: 'g' });
  return keyspace?.indexes?.().map(({ definition, state }) => `${definition.name} ${state}`);
}

describe('CREATE INDEX', () => {
  test('keeps keys, condition and options as system:indexes shows them', async () => {
    const catalog = holding({});
    const keys =
      'a, g.b.c DESC, META(g).id, LOWER(d), DISTINCT ARRAY FLATTEN_KEYS(x.p, x.q DESC) FOR x IN s WHEN x.p > 1 END';
    await rowsOf(
      catalog,
      `CREATE INDEX i ON g(${keys}) PARTITION BY HASH(META().id) WHERE kind = "x" WITH {"num_replica": 1}`,
    );
    const { definition } = indexOf(catalog, 'i');
    expect(definition.keys.map(({ text }) => text)).toEqual([
      '`a`',
      '(`b`.`c`) DESC',
      '(meta().`id`)',
      'lower(`d`)',
      '(distinct (array flatten_keys((`x`.`p`), (`x`.`q`) DESC) for `x` in `s` when (1 < (`x`.`p`)) end))',
    ]);
    expect(definition.condition?.text).toBe('(`kind` = "x")');
    expect(definition.partition).toEqual(['(meta().`id`)']);
    expect(definition.with).toEqual({ num_replica: 1 });
    expect(definition.isPrimary).toBe(false);
  });

  test.each([
    ['CREATE INDEX i ON g(1)', '3280 1 (near line 1, column 19) is not indexable.'],
    ['CREATE INDEX i ON g($1)', '3280 $1 (near line 1, column 19) is not indexable.'],
    ['CREATE INDEX i ON g(a + RANDOM())', '3280 (`a` + random()) (near line 1, column 21) is not indexable.'],
    [
      'CREATE INDEX i ON g(a, b INCLUDE MISSING)',
      '3281 `b` (near line 1, column 24) MISSING attribute not allowed (Only allowed with gsi leading key).',
    ],
    ['CREATE INDEX i ON g(COUNT(a))', '4000 Aggregates not allowed in CREATE INDEX (near line 1, column 21).'],
    ['CREATE INDEX i ON nope(a)', '12003 Keyspace not found in CB datastore: default:nope'],
    ['CREATE INDEX i ON g(FLATTEN_KEYS(a, b))', '3283 flatten_keys(`a`, `b`) is not allowed in this context.'],
  ])('refuses %s', async (statement, error) => {
    const [found = ''] = await errorsOf(holding({}), statement);
    expect(found.replace(/column \d+/, 'column n')).toBe(error.replace(/column \d+/, 'column n'));
  });

  test('refuses a name that is taken, unless it may be', async () => {
    const catalog = holding({});
    await rowsOf(catalog, 'CREATE INDEX i ON g(a)');
    await rowsOf(catalog, 'CREATE PRIMARY INDEX ON g');
    expect(await errorsOf(catalog, 'CREATE INDEX i ON g(b)')).toEqual(['4300 The index i already exists.']);
    expect(await errorsOf(catalog, 'CREATE PRIMARY INDEX ON g')).toEqual(['4300 The index #primary already exists.']);
    expect(await errorsOf(catalog, 'CREATE INDEX IF NOT EXISTS i ON g(b)')).toEqual([]);
    expect(await errorsOf(catalog, 'CREATE INDEX i ON g(a)', { readonly: true })).toEqual([
      expect.stringMatching(/^1000 /),
    ]);
  });
});

describe('DROP INDEX', () => {
  test.each([
    ['DROP INDEX g.nope', '12016 Index Not Found - cause: GSI index nope not found.'],
    ['DROP INDEX nope ON g', '12016 Index Not Found - cause: GSI index nope not found.'],
    ['DROP PRIMARY INDEX ON g', '12004 Primary Index not found - cause: GSI index #primary not found.'],
    ['ALTER INDEX nope ON g WITH {"action": "move"}', '12016 Index Not Found - cause: GSI index nope not found.'],
    [
      'BUILD INDEX ON g(nope)',
      '5411 index nope is not found - cause: Index Not Found - cause: GSI index nope not found.',
    ],
  ])('%s fails where there is none', async (statement, error) => {
    expect(await errorsOf(holding({}), statement)).toEqual([error]);
  });

  test('drops by its name, and the primary index by whatever name it has', async () => {
    const catalog = holding({});
    for (const each of ['CREATE INDEX i ON g(a)', 'CREATE INDEX j ON g(a)', 'CREATE PRIMARY INDEX p ON g']) {
      await rowsOf(catalog, each);
    }
    expect(await errorsOf(catalog, 'DROP PRIMARY INDEX i ON g')).toEqual([
      '12035 Index i exists but is not a primary index',
    ]);
    for (const each of ['DROP INDEX g.i', 'DROP PRIMARY INDEX ON g', 'DROP INDEX IF EXISTS i ON g']) {
      await rowsOf(catalog, each);
    }
    expect(namesOf(catalog)).toEqual(['j online']);
  });
});

describe('BUILD INDEX', () => {
  test.each(['(i, j)', '((SELECT RAW n FROM ["i", "j"] AS n))', '("i", ["j"])'])(
    'builds deferred indexes that %s names',
    async (names) => {
      const catalog = holding({});
      for (const name of ['i', 'j', 'k']) {
        await rowsOf(catalog, `CREATE INDEX ${name} ON g(a) WITH {"defer_build": true}`);
      }
      await rowsOf(catalog, `BUILD INDEX ON g${names}`);
      expect(namesOf(catalog)).toEqual(['i online', 'j online', 'k deferred']);
    },
  );
});

import {
  type Catalog,
  type Item,
  type Keyspace,
  PreparedStore,
  query,
  queryPrepared,
  type Value,
} from '../../src/index.js';

/** A catalog that counts how often keyspaces are planned with, and whose version may change. */
class Shelf implements Catalog {
  version: string | undefined = '1';
  readonly prepareds = new PreparedStore();
  readonly documents = new Map<string, Value>([
    ['a', { n: 1 }],
    ['b', { n: 2 }],
  ]);
  scans = 0;

  keyspace({ bucket }: { readonly bucket: string }): Keyspace | undefined {
    if (bucket !== 'shelf') return undefined;
    const { documents } = this;
    return {
      scan: () => {
        this.scans++;
        return [[...documents].map(([id, document]): Item => ({ id, document }))];
      },
      get: (id) => (documents.has(id) ? { id, document: documents.get(id) } : undefined),
      upsert: (id, document) => {
        documents.set(id, document);
        return { id, document };
      },
    };
  }
}

const CONTEXT = { bucket: 'b', scope: 's' };

async function answer(run: ReturnType<typeof query>): Promise<{ rows: Value[]; codes: number[] }> {
  return { rows: await run.rows(), codes: run.errors.map(({ code }) => code) };
}

const rowsOf = (statement: string, catalog: Catalog, options = {}): Promise<{ rows: Value[]; codes: number[] }> =>
  answer(query(statement, { catalog, ...options }));

test('PREPARE gives one row, and the statement is run by its name', async () => {
  const catalog = new Shelf();
  const { rows } = await rowsOf('PREPARE one AS SELECT RAW s.n FROM shelf s WHERE s.n = $1', catalog);
  expect(rows).toMatchObject([
    { name: 'one', reqType: 'SELECT', signature: 'json', namespace: 'default', queryContext: '' },
  ]);
  const [{ operator }] = rows as [{ operator: { readonly privileges: object } }];
  expect(operator.privileges).toEqual({ List: [{ Priv: 7, Props: 0, Target: 'default:shelf' }] });
  expect(JSON.stringify(operator)).toContain('"#operator":"InitialProject"');
  expect((await rowsOf('EXECUTE one', catalog, { positional: [2] })).rows).toEqual([2]);
  expect((await rowsOf('EXECUTE "one" USING [1]', catalog, { positional: [2] })).rows).toEqual([1]);
  const run = queryPrepared('one', { catalog, positional: [1] });
  expect(await answer(run)).toEqual({ rows: [1], codes: [] });
  expect([run.type, run.prepared?.name, run.signature]).toEqual(['SELECT', 'one', 'json']);
});

test('USING with an object names parameters, and replaces those of the request', async () => {
  const catalog = new Shelf();
  await rowsOf('PREPARE both AS SELECT RAW [$a, $1]', catalog);
  expect((await rowsOf('EXECUTE both USING {"a": 7}', catalog, { positional: [8] })).codes).toEqual([5010]);
  expect((await rowsOf('EXECUTE both', catalog, { positional: [8], named: { a: 9 } })).rows).toEqual([[9, 8]]);
});

test('a statement without a name gets one of its text, as a server makes it', async () => {
  const catalog = new Shelf();
  const nameOf = async (statement: string): Promise<Value> =>
    ((await rowsOf(statement, catalog)).rows[0] as { name: string }).name;
  const name = await nameOf('PREPARE SELECT 1');
  expect(name).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(await nameOf('PREPARE FORCE SELECT 1')).toBe(name);
  expect(await nameOf('PREPARE SELECT 2')).not.toBe(name);
});

test('a name is not given to another statement, with FORCE neither', async () => {
  const catalog = new Shelf();
  await rowsOf('PREPARE p AS SELECT 1', catalog);
  expect((await rowsOf('PREPARE p AS SELECT 1', catalog)).codes).toEqual([]);
  expect((await rowsOf('PREPARE FORCE p AS SELECT 1', catalog)).codes).toEqual([]);
  for (const other of ['PREPARE p AS SELECT 2', 'PREPARE FORCE p AS SELECT 2', 'PREPARE p FROM SELECT 1']) {
    const run = query(other, { catalog });
    await run.rows();
    expect(run.errors).toEqual([{ code: 4060, msg: 'Unable to add name: duplicate name: p' }]);
    expect(run.isPlanned).toBe(true);
  }
});

test('a name is known in the context that it was prepared in', async () => {
  const catalog = new Shelf();
  await rowsOf('PREPARE p AS SELECT RAW 1', catalog, { context: CONTEXT });
  expect((await rowsOf('EXECUTE p', catalog, { context: CONTEXT })).rows).toEqual([1]);
  const run = query('EXECUTE p', { catalog });
  expect(run.errors).toEqual([{ code: 4040, msg: 'No such prepared statement: p, context: unset' }]);
});

test('a statement is planned once for a version of the catalog', async () => {
  const catalog = new Shelf();
  const plans = jest.spyOn(catalog.prepareds, 'find');
  await rowsOf('PREPARE all_of AS SELECT RAW n FROM shelf s ORDER BY n', catalog);
  const gets = jest.spyOn(catalog, 'keyspace');
  for (let time = 0; time < 3; time++)
    expect((await answer(queryPrepared('all_of', { catalog }))).rows).toEqual([1, 2]);
  // The catalog is asked, but the plan is the first one: it reads what it was planned with.
  expect(gets).toHaveBeenCalledTimes(3);
  catalog.version = '2';
  catalog.documents.clear();
  expect((await answer(queryPrepared('all_of', { catalog }))).rows).toEqual([]);
  expect(plans).toHaveBeenCalledTimes(4);
});

test('a statement that cannot be planned any more says so', async () => {
  const catalog = new Shelf();
  await rowsOf('PREPARE p AS SELECT RAW n FROM shelf', catalog);
  catalog.version = '2';
  catalog.keyspace = () => undefined;
  expect((await answer(queryPrepared('p', { catalog }))).codes).toEqual([12003]);
});

test('a plan runs many times, also at once', async () => {
  const catalog = new Shelf();
  await rowsOf('PREPARE sums AS SELECT RAW SUM(s.n) + $1 FROM shelf s', catalog);
  const runs = [1, 2, 3].map((value) => answer(queryPrepared('sums', { catalog, positional: [value] })));
  expect((await Promise.all(runs)).map(({ rows }) => rows)).toEqual([[4], [5], [6]]);
});

test('a PREPARE is run at once if the request says so', async () => {
  const catalog = new Shelf();
  const options = { catalog, autoExecute: true, positional: [5] };
  const run = query('PREPARE now AS SELECT RAW $1', options);
  expect([await run.rows(), run.prepared?.name, run.type]).toEqual([[5], 'now', 'SELECT']);
  expect(await query('SELECT RAW $1', options).rows()).toEqual([5]);
});

test('what a prepared statement changes is refused to readers', async () => {
  const catalog = new Shelf();
  await rowsOf('PREPARE put AS UPSERT INTO shelf (KEY, VALUE) VALUES ("c", 1)', catalog, { readonly: true });
  expect((await rowsOf('EXECUTE put', catalog, { readonly: true })).codes).toEqual([1000]);
  expect((await rowsOf('EXECUTE put', catalog)).codes).toEqual([]);
  expect(catalog.documents.get('c')).toBe(1);
});

test.each([
  ['EXECUTE p.q', 4050],
  ['EXECUTE none', 4040],
  ['PREPARE x AS SELECT nope(1)', 3000],
  ['PREPARE x AS SELECT 1 FROM none', 12003],
])('%s fails with %i', async (statement, code) => {
  expect((await rowsOf(statement, new Shelf())).codes).toEqual([code]);
});

test('without a place for them, statements are not prepared', async () => {
  expect((await answer(query('PREPARE p AS SELECT 1'))).codes).toEqual([3230]);
  expect((await answer(query('EXECUTE p'))).codes).toEqual([4040]);
});

import { catalogOf } from '../../../../test/sqlpp/sorted-keyspaces.js';
import { type Catalog, type QueryOptions, query, type Value } from '../../src/index.js';

type Documents = Readonly<Record<string, Value>>;

function holding(documents: Documents): Catalog {
  return catalogOf({ g: Object.entries(documents), h: [] });
}

async function run(catalog: Catalog, statement: string, options: QueryOptions = {}) {
  const answer = query(statement, { ...options, catalog });
  const rows = await answer.rows();
  return { rows, status: answer.status, errors: answer.errors, mutationCount: answer.mutationCount };
}

async function stored(catalog: Catalog): Promise<unknown> {
  const { rows } = await run(catalog, 'SELECT META(g).id AS id, g AS doc FROM g');
  return Object.fromEntries((rows as unknown as { id: string; doc: Value }[]).map(({ id, doc }) => [id, doc]));
}

/** Runs UPDATE of one document, and returns what is stored then. */
async function updated(document: Value, changes: string): Promise<unknown> {
  const catalog = holding({ a: document });
  const { errors } = await run(catalog, `UPDATE g USE KEYS "a" ${changes}`);
  expect(errors).toEqual([]);
  const { a } = (await stored(catalog)) as { readonly a: unknown };
  return a;
}

describe('UPDATE', () => {
  test.each<[what: string, changes: string, before: Value, after: Value]>([
    ['computes all values from the document as it was', 'SET n = m, m = n', { n: 1, m: 2 }, { n: 2, m: 1 }],
    ['sets a path again if two terms name it', 'SET n = n + 1, n = n + 1', { n: 1 }, { n: 2 }],
    ['makes no objects on the way', 'SET p.q.r = 1, s.t = 2', { p: {}, s: 5 }, { p: {}, s: 5 }],
    ['removes what is set to MISSING', 'SET p.q = MISSING', { p: { q: 1, r: 2 } }, { p: { r: 2 } }],
    ['removes with UNSET behind SET', 'SET p.q = 1 UNSET p.r, missing_one.too', { p: { r: 2 } }, { p: { q: 1 } }],
    ['fills an array up with NULL', 'SET a[3] = 1', { a: [0] }, { a: [0, null, null, 1] }],
    ['counts a negative index from the end', 'SET a[-2] = 9, a[-5] = 8', { a: [1, 2] }, { a: [9, 2] }],
    ['leaves elements where they are', 'UNSET a[0]', { a: [1, 2] }, { a: [1, 2] }],
    ['sets no index that is not an integer', 'SET a["0"] = 9, a[0.5] = 8', { a: [1] }, { a: [1] }],
    ['makes no array', 'SET b[0] = 1', {}, {}],
    ['computes steps of a path', 'SET p.["q" || "r"] = 1, p.[5] = 2', { p: {} }, { p: { qr: 1 } }],
    ['finds a name in any case', 'SET `NAME`i = 2', { name: 1 }, { name: 2 }],
    ['does not mix the value with its copy', 'SET b = a, b.x = 2', { a: { x: 1 } }, { a: { x: 1 }, b: { x: 2 } }],
    ['replaces the document by its alias', 'SET g = [1]', { n: 1 }, [1]],
    ['leaves what is not an object', 'SET n = 1', 'text', 'text'],
  ])('%s', async (_what, changes, before, after) => {
    expect(await updated(before, changes)).toEqual(after);
  });

  test.each<[what: string, changes: string, before: Value, after: Value]>([
    [
      'runs over elements',
      'SET i.q = i.q * 10 FOR i IN a WHEN i.q > 1 END',
      { a: [{ q: 1 }, { q: 2 }] },
      { a: [{ q: 1 }, { q: 20 }] },
    ],
    [
      'has the last FOR around the others',
      'SET y.z = y.z + 1 FOR y IN x.y FOR x IN a END',
      { a: [{ y: [{ z: 1 }] }, { y: [{ z: 5 }, { z: 6 }] }] },
      { a: [{ y: [{ z: 2 }] }, { y: [{ z: 6 }, { z: 7 }] }] },
    ],
    ['gives places', 'SET a[p] = p FOR p:v IN a WHEN v = 7 END', { a: [7, 8, 7] }, { a: [0, 8, 2] }],
    [
      'finds objects at every depth',
      'UNSET v.secret FOR v WITHIN g END',
      { p: { secret: 1, q: [{ secret: 2, r: 3 }] } },
      { p: { q: [{ r: 3 }] } },
    ],
    ['sets no variable of its own', 'SET v = 0 FOR v IN a END', { a: [1] }, { a: [1] }],
    ['passes over what is not an array', 'SET v.q = 0 FOR v IN n END', { n: 1 }, { n: 1 }],
  ])('with FOR %s', async (_what, changes, before, after) => {
    expect(await updated(before, changes)).toEqual(after);
  });

  test('with FOR over documents of a subquery leaves these as they are', async () => {
    const catalog = holding({ a: { n: 1 }, b: { n: 2 } });
    await run(catalog, 'UPDATE g t USE KEYS "a" SET o.n = 9 FOR o IN (SELECT RAW g FROM g) END');
    expect(await stored(catalog)).toEqual({ a: { n: 1 }, b: { n: 2 } });
  });

  test('does not visit what it has changed, and changes a key once', async () => {
    const catalog = holding({ a: { n: 1 }, b: { n: 2 } });
    const statement = 'UPDATE g t USE KEYS ["a", "a", "b", "no"] SET n = n + (SELECT RAW SUM(n) FROM g)[0] RETURNING n';
    expect(await run(catalog, statement)).toMatchObject({ rows: [{ n: 4 }, { n: 5 }], mutationCount: 2 });
  });

  test('writes nothing if an expression fails for one of the documents', async () => {
    const catalog = holding({ a: { n: 1 }, b: { n: 2 } });
    const answer = await run(catalog, 'UPDATE g SET n = CASE WHEN n = 2 THEN $no ELSE 5 END');
    expect(answer).toMatchObject({ status: 'fatal', errors: [{ code: 5010 }], mutationCount: 0 });
    expect(await stored(catalog)).toEqual({ a: { n: 1 }, b: { n: 2 } });
  });

  test.each([
    ['removes the whole document', 'UPDATE g UNSET g', 5100],
    ['has a limit that is not an integer', 'UPDATE g SET n = 1 LIMIT "a"', 5030],
    ['sets the expiration of another alias', 'UPDATE g SET META(n).expiration = 1', 3000],
  ])('is refused if it %s', async (_what, statement, code) => {
    const catalog = holding({ a: { n: 1 } });
    expect(await run(catalog, statement)).toMatchObject({ status: 'fatal', errors: [{ code }], mutationCount: 0 });
    expect(await stored(catalog)).toEqual({ a: { n: 1 } });
  });

  test('takes the expiration away, unless it sets one or is asked to preserve it', async () => {
    const catalog = holding({});
    const expiration = 'RETURNING RAW META().expiration';
    await run(catalog, 'INSERT INTO g VALUES ("a", {}, {"expiration": 3000000000})');
    const set = `UPDATE g SET META(g).expiration = 3100000000 ${expiration}`;
    expect((await run(catalog, set)).rows).toEqual([3100000000]);
    const update = `UPDATE g SET n = 1 ${expiration}`;
    expect((await run(catalog, update, { preserveExpiration: true })).rows).toEqual([3100000000]);
    expect((await run(catalog, update)).rows).toEqual([0]);
  });
});

describe('INSERT and UPSERT', () => {
  test('insert the others if a key is there already', async () => {
    const catalog = holding({ b: { n: 0 } });
    const statement = 'INSERT INTO g VALUES ("a", {"n": 1}), ("b", {"n": 2}), ("c", {"n": 3}) RETURNING RAW n';
    const answer = await run(catalog, statement);
    expect(answer).toMatchObject({ rows: [1, 3], status: 'errors', mutationCount: 2 });
    const msg = 'DML Error, possible causes include concurrent modification. Failed to perform INSERT on key b';
    expect(answer.errors).toMatchObject([{ code: 12009, msg, reason: { code: 17012, message: 'Duplicate Key: b' } }]);
  });

  test.each([
    ['INSERT', 'a key', 'true, {}', 5070, 'Cannot INSERT non-string key true of type value.boolValue.'],
    ['UPSERT', 'a key', '1.5, {}', 5078, 'Cannot UPSERT non-string key 1.5 of type value.floatValue.'],
    ['INSERT', 'options', '"k", {}, 1', 5071, 'Cannot INSERT non-OBJECT options 1 of type value.intValue.'],
    ['UPSERT', 'options', '"k", {}, []', 5079, 'Cannot UPSERT non-OBJECT options [] of type value.sliceValue.'],
  ])('%s writes the others if there is %s of a wrong type, and fails', async (verb, _what, wrong, code, msg) => {
    const catalog = holding({});
    const answer = await run(catalog, `${verb} INTO g VALUES (${wrong}), ("ok", 1) RETURNING *`);
    expect(answer).toMatchObject({ status: 'fatal', errors: [{ code, msg }], rows: [], mutationCount: 1 });
    expect(await stored(catalog)).toEqual({ ok: 1 });
  });

  test('UPSERT with a key twice does nothing', async () => {
    const catalog = holding({ a: 0 });
    const answer = await run(catalog, 'UPSERT INTO g VALUES ("b", 1), ("a", 2), ("a", 3)');
    expect(answer).toMatchObject({
      status: 'fatal',
      errors: [{ code: 5073, reason: { key: 'a', keyspace: 'default:g' } }],
    });
    expect(await stored(catalog)).toEqual({ a: 0 });
  });

  test('insert what a select gives, also of the keyspace itself', async () => {
    const catalog = holding({ a: { n: 1 }, b: { n: 2 } });
    const statement = 'INSERT INTO g (KEY k || "2", VALUE {"n": v, "all": SELF}) SELECT META().id AS k, n AS v FROM g';
    expect(await run(catalog, statement)).toMatchObject({ status: 'success', mutationCount: 2 });
    expect(await stored(catalog)).toEqual({
      a: { n: 1 },
      b: { n: 2 },
      a2: { n: 1, all: { k: 'a', v: 1 } },
      b2: { n: 2, all: { k: 'b', v: 2 } },
    });
  });

  test('let RETURNING find the new document', async () => {
    const statement = 'INSERT INTO g AS t VALUES ("a", {"n": 1}) RETURNING (SELECT RAW n FROM g USE KEYS "a") AS found';
    expect((await run(holding({}), statement)).rows).toEqual([{ found: [1] }]);
  });
});

test('DELETE skips and limits, and returns the documents that were', async () => {
  const catalog = holding({ a: 1, b: 2, c: 3, d: 4 });
  const answer = await run(catalog, 'DELETE FROM g LIMIT 2 OFFSET 1 RETURNING META().id, g');
  expect(answer).toMatchObject({
    rows: [
      { id: 'b', g: 2 },
      { id: 'c', g: 3 },
    ],
    mutationCount: 2,
  });
  expect(await stored(catalog)).toEqual({ a: 1, d: 4 });
});

describe('MERGE', () => {
  const source = '[{"id": "a", "n": 1}, {"id": "b", "n": 2}, {"id": "c", "n": 3}] s';

  test('does the first action whose condition is true', async () => {
    const catalog = holding({ a: { n: 5 }, b: { n: 6 } });
    const statement = `MERGE INTO g t USING ${source} ON KEY s.id
      WHEN MATCHED THEN UPDATE SET t.n = t.n + s.n WHERE s.n = 1
      WHEN MATCHED THEN DELETE
      WHEN NOT MATCHED THEN INSERT {"new": s.n} RETURNING *`;
    const { rows, mutationCount } = await run(catalog, statement);
    expect(mutationCount).toBe(3);
    expect(rows).toEqual([
      { s: { id: 'a', n: 1 }, t: { n: 6 } },
      { s: { id: 'b', n: 2 }, t: { n: 6 } },
      { t: { new: 3 } },
    ]);
    expect(await stored(catalog)).toEqual({ a: { n: 6 }, c: { new: 3 } });
  });

  test('limits each action', async () => {
    const catalog = holding({ a: {}, b: {} });
    const statement = `MERGE INTO g t USING ${source} ON META(t).id = s.id
      WHEN MATCHED THEN UPDATE SET t.n = s.n WHEN NOT MATCHED THEN INSERT (s.id, {"n": s.n}) LIMIT 1`;
    expect(await run(catalog, statement)).toMatchObject({ mutationCount: 2 });
    expect(await stored(catalog)).toEqual({ a: { n: 1 }, b: {}, c: { n: 3 } });
  });

  test.each([
    ['ON META(t).id = s.id', { a: { n: 1 }, b: { n: 2 } }],
    ['ON s.id = META(t).id AND t.old', { a: { n: 1 }, b: { old: false } }],
    ['ON t.old AND META(t).id = LOWER(s.id) AND s.n < 3', { a: { n: 1 }, b: { old: false } }],
  ])('fetches documents by key %s, whatever else has to be true', async (on, after) => {
    const catalog = holding({ a: { old: true }, b: { old: false } });
    const scans = jest.spyOn(catalog.keyspace({ namespace: 'default', bucket: 'g' })!, 'scan');
    const statement = `MERGE INTO g t USING ${source} ${on} WHEN MATCHED THEN UPDATE SET t.n = s.n UNSET t.old`;
    expect((await run(catalog, statement)).errors).toEqual([]);
    expect(scans).not.toHaveBeenCalled();
    expect(await stored(catalog)).toEqual(after);
  });

  test('reads names of ON KEY in the source alone', async () => {
    const catalog = holding({ a: { n: 1 } });
    expect((await run(catalog, `MERGE INTO g USING ${source} ON KEY id WHEN MATCHED THEN DELETE`)).errors).toEqual([]);
    expect(await stored(catalog)).toEqual({});
  });

  test('finds nothing by a key that is not a string', async () => {
    const catalog = holding({ a: {} });
    const statement = `MERGE INTO g t USING [{"id": 1}, {"id": null}, {}] s ON META(t).id = s.id
      WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (IFMISSINGORNULL(TOSTRING(s.id), "none"), s) LIMIT 2`;
    expect((await run(catalog, statement)).errors).toEqual([]);
    expect(await stored(catalog)).toEqual({ a: {}, 1: { id: 1 }, none: { id: null } });
  });

  test.each([
    ['changes a document twice', 'ON KEY "a" WHEN MATCHED THEN DELETE', 5320],
    ['inserts a document twice', 'ON KEY "z" WHEN NOT MATCHED THEN INSERT s', 5330],
    ['has a key that is not a string', 'ON KEY s.n WHEN MATCHED THEN DELETE', 5030],
    ['names a key in INSERT for ON KEY', 'ON KEY s.id WHEN NOT MATCHED THEN INSERT (s.id, s)', 3150],
    ['names no key in INSERT for ON', 'ON t.n = s.n WHEN NOT MATCHED THEN INSERT s', 3160],
  ])('is refused if it %s', async (_what, rest, code) => {
    const catalog = holding({ a: { n: 1 } });
    const answer = await run(catalog, `MERGE INTO g t USING ${source} ${rest}`);
    expect(answer).toMatchObject({ status: 'fatal', errors: [{ code }], mutationCount: 0 });
    expect(await stored(catalog)).toEqual({ a: { n: 1 } });
  });
});

describe('a keyspace that can be read only', () => {
  test('is not changed', async () => {
    const answer = query('DELETE FROM g', { keyspaces: { g: [1] } });
    await answer.rows();
    expect(answer.errors).toEqual([{ code: 1000, msg: 'The keyspace default:g can be read only.' }]);
  });

  test('is every one for a statement that is read-only', async () => {
    const catalog = holding({ a: 1 });
    expect(await run(catalog, 'DELETE FROM g', { readonly: true })).toMatchObject({ errors: [{ code: 1000 }] });
    expect(await stored(catalog)).toEqual({ a: 1 });
  });
});

test('mutations of a statement that is cancelled have not begun', async () => {
  const catalog = holding({ a: 1 });
  const { status, errors } = await run(catalog, 'DELETE FROM g', { signal: AbortSignal.abort() });
  expect({ status, errors }).toMatchObject({ status: 'fatal', errors: [{ code: 1120 }] });
  expect(await stored(catalog)).toEqual({ a: 1 });
});

test('a document that another has changed is not overwritten', async () => {
  const catalog = holding({ a: { n: 1 } });
  const keyspace = catalog.keyspace({ namespace: 'default', bucket: 'g' })!;
  const raced: Catalog = {
    keyspace: () => ({
      ...bound(keyspace),
      replace: (item, document, options) => {
        keyspace.upsert?.(item.id, { n: 100 }, {});
        return keyspace.replace!(item, document, options);
      },
    }),
  };
  const { status, errors } = await run(raced, 'UPDATE g SET n = 2');
  expect(status).toBe('errors');
  expect(errors).toMatchObject([{ code: 12009, reason: { code: 12033, message: 'CAS mismatch' } }]);
  expect(await stored(catalog)).toEqual({ a: { n: 100 } });
});

function bound(keyspace: NonNullable<ReturnType<Catalog['keyspace']>>) {
  return {
    scan: () => keyspace.scan(),
    get: (id: string) => keyspace.get(id),
    insert: keyspace.insert!.bind(keyspace),
    upsert: keyspace.upsert!.bind(keyspace),
    remove: keyspace.remove!.bind(keyspace),
  };
}

import { query, type Value } from '../../src/index.js';

const keyspaces = { t: [{ n: 1 }, { n: 2 }], u: [{ n: 2 }] };

async function answer(statement: string): Promise<unknown> {
  const run = query(statement, { keyspaces });
  const rows: Value[] = await run.rows();
  return run.errors.length > 0 ? run.errors.map(({ code }) => code) : rows;
}

describe('the name of a keyspace without an alias', () => {
  test('is the keyspace again in a subquery with an alias', async () => {
    expect(await answer('SELECT RAW n FROM t WHERE n IN (SELECT RAW s.n + 1 FROM t s)')).toEqual([2]);
  });

  test('is the document in front of a step', async () => {
    expect(await answer('SELECT RAW (SELECT RAW x FROM t.n AS x)[0] FROM t')).toEqual([1, 2]);
  });

  test('that is an alias is the document', async () => {
    expect(await answer('SELECT RAW (SELECT RAW x.n FROM d AS x)[0] FROM t AS d')).toEqual([1, 2]);
  });
});

describe('the name of a result', () => {
  test('is lent by what a step is computed from', async () => {
    const statement = 'SELECT o.[o.k], o.["b"] FROM {"k": "a", "a": 1, "b": 2} AS o';
    expect(await answer(statement)).toEqual([{ k: 1, $1: 2 }]);
  });
});

describe('frames by range', () => {
  const rows = '[{"k": true, "v": 1}, {"k": 1, "v": 2}, {"k": null, "v": 4}, {"v": 8}, {"k": "x", "v": 16}] AS r';

  test.each([
    ['1 PRECEDING AND 1 FOLLOWING', [null, 2, 4, 8, null]],
    ['UNBOUNDED PRECEDING AND 1 FOLLOWING', [null, 15, 12, 8, null]],
    ['1 PRECEDING AND UNBOUNDED FOLLOWING', [null, 18, 23, 31, null]],
  ])('of %s have nothing for what is not a number, and the peers of what is not known', async (frame, sums) => {
    const statement = `SELECT r.v, SUM(r.v) OVER (ORDER BY r.k RANGE BETWEEN ${frame}) AS s FROM ${rows} ORDER BY r.v`;
    expect(await answer(statement)).toEqual([1, 2, 4, 8, 16].map((v, at) => ({ v, s: sums[at] })));
  });

  test('are taken by RATIO_TO_REPORT', async () => {
    const frame = 'ORDER BY x ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING';
    expect(await answer(`SELECT RAW RATIO_TO_REPORT(x) OVER (${frame}) FROM [1, 3, 1] AS x ORDER BY x`)).toHaveLength(
      3,
    );
  });
});

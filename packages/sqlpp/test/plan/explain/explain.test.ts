import { isObject, query, type Value } from '../../../src/index.js';
import { holding, rowsOf } from '../../indexes/indexed.js';

type Node = Readonly<Record<string, unknown>>;

async function plan(statement: string, ...indexes: readonly string[]): Promise<Node> {
  const catalog = holding({ a: { n: 1 } });
  for (const index of indexes) await rowsOf(catalog, index);
  const [row] = await rowsOf(catalog, `EXPLAIN ${statement}`);
  return (row as unknown as { readonly plan: Node }).plan;
}

/** Returns the operators of a plan in their order, each by its name. */
function operatorsOf(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(operatorsOf);
  if (!isObject(node as Value)) return [];
  const { '#operator': name, ...members } = node as Record<string, unknown>;
  return [...(typeof name === 'string' ? [name] : []), ...Object.values(members).flatMap(operatorsOf)].filter(
    (each) => each !== 'Sequence' && each !== 'Parallel',
  );
}

function find(node: unknown, name: string): Node {
  const walk = (each: unknown): Node | undefined => {
    if (Array.isArray(each)) return each.map(walk).find((found) => found !== undefined);
    if (!isObject(each as Value)) return undefined;
    if ((each as Node)['#operator'] === name) return each as Node;
    return Object.values(each as Node)
      .map(walk)
      .find((found) => found !== undefined);
  };
  return walk(node) ?? {};
}

const ON_N = 'CREATE INDEX i ON g(n)';

describe('EXPLAIN tells', () => {
  test('a select without FROM', async () => {
    expect(await plan('SELECT 1')).toEqual({
      '#operator': 'Sequence',
      '~children': [
        { '#operator': 'DummyScan' },
        {
          '#operator': 'Parallel',
          maxParallelism: 1,
          '~child': {
            '#operator': 'Sequence',
            '~children': [
              {
                '#operator': 'InitialProject',
                discard_original: true,
                preserve_order: true,
                result_terms: [{ expr: '1' }],
              },
            ],
          },
        },
      ],
    });
  });

  test('an index with its spans, the fetch and the filter', async () => {
    expect(await plan('SELECT * FROM g AS t WHERE t.n > 1 AND t.n <= $1', ON_N)).toEqual({
      '#operator': 'Sequence',
      '~children': [
        {
          '#operator': 'IndexScan3',
          as: 't',
          index: 'i',
          index_id: 'i',
          index_projection: { primary_key: true },
          keyspace: 'g',
          namespace: 'default',
          spans: [{ exact: true, range: [{ high: '$1', inclusion: 2, index_key: '`n`', low: '1' }] }],
          using: 'gsi',
        },
        { '#operator': 'Fetch', as: 't', keyspace: 'g', namespace: 'default' },
        {
          '#operator': 'Parallel',
          '~child': {
            '#operator': 'Sequence',
            '~children': [
              { '#operator': 'Filter', condition: '((1 < (`t`.`n`)) and ((`t`.`n`) <= $1))' },
              {
                '#operator': 'InitialProject',
                discard_original: true,
                preserve_order: true,
                result_terms: [{ expr: 'self', star: true }],
              },
            ],
          },
        },
      ],
    });
  });

  test.each<[statement: string, operators: string, ...indexes: string[]]>([
    ['SELECT * FROM g', 'PrimaryScan3 Fetch InitialProject'],
    ['SELECT * FROM g USE KEYS "a"', 'KeyScan Fetch InitialProject'],
    ['SELECT * FROM [1] AS a', 'ExpressionScan InitialProject'],
    ['SELECT * FROM (SELECT RAW 1) AS a', 'DummyScan InitialProject Alias InitialProject'],
    ['SELECT DISTINCT m FROM g', 'PrimaryScan3 Fetch InitialProject Distinct Distinct'],
    ['SELECT n, m FROM g ORDER BY m OFFSET 1 LIMIT 2', 'PrimaryScan3 Fetch InitialProject Order Offset Limit'],
    ['SELECT n, m FROM g WHERE n > 1 ORDER BY n LIMIT 2', 'IndexScan3 Fetch Filter InitialProject Limit', ON_N],
    ['SELECT n FROM g WHERE n > 1', 'IndexScan3 Filter InitialProject', ON_N],
    [
      'SELECT m, COUNT(*) AS c FROM g GROUP BY m HAVING COUNT(*) > 1',
      'PrimaryScan3 Fetch InitialGroup IntermediateGroup FinalGroup Filter InitialProject',
    ],
    ['SELECT ROW_NUMBER() OVER() AS r, m FROM g', 'PrimaryScan3 Fetch WindowAggregate InitialProject'],
    ['SELECT x FROM g LET x = m WHERE x > 1', 'PrimaryScan3 Fetch Let Filter InitialProject'],
    ['SELECT * FROM g UNNEST g.s AS x', 'PrimaryScan3 Fetch Unnest InitialProject'],
    ['SELECT * FROM [1] AS a JOIN g ON g.n = a', 'ExpressionScan NestedLoopJoin IndexScan3 Fetch InitialProject', ON_N],
    ['SELECT * FROM [1] AS a JOIN g ON g.m = a', 'ExpressionScan HashJoin PrimaryScan3 Fetch InitialProject', ON_N],
    ['SELECT * FROM [1] AS a NEST g ON g.m < a', 'ExpressionScan NestedLoopNest PrimaryScan3 Fetch InitialProject'],
    ['SELECT * FROM [1] AS a JOIN g ON KEYS a', 'ExpressionScan Join InitialProject'],
    [
      'SELECT 1 UNION SELECT 2',
      'UnionAll DummyScan InitialProject Distinct DummyScan InitialProject Distinct Distinct',
    ],
    ['SELECT 1 INTERSECT ALL SELECT 2', 'IntersectAll DummyScan InitialProject DummyScan InitialProject'],
    ['WITH w AS (SELECT 1) SELECT * FROM w', 'With ExpressionScan InitialProject'],
    [
      'SELECT * FROM g WHERE n = 1 OR m = 2',
      'UnionScan IndexScan3 IndexScan3 Fetch Filter InitialProject',
      ON_N,
      'CREATE INDEX j ON g(m)',
    ],
    [
      'SELECT m FROM g WHERE 1 IN s',
      'DistinctScan IndexScan3 Fetch Filter InitialProject',
      'CREATE INDEX i ON g(ALL s)',
    ],
    ['DELETE FROM g WHERE n = 1', 'IndexScan3 Fetch Filter SendDelete', ON_N],
    ['UPDATE g SET m = 1, k = 2 UNSET l WHERE n = 1', 'IndexScan3 Fetch Filter Clone Set Unset SendUpdate', ON_N],
    ['INSERT INTO g VALUES ("k", 1)', 'ValueScan SendInsert'],
    ['UPSERT INTO g (KEY k, VALUE 1) SELECT "k" AS k', 'DummyScan InitialProject SendUpsert'],
    ['MERGE INTO g USING [1] AS s ON KEY "k" WHEN MATCHED THEN DELETE', 'ExpressionScan Merge MergeDelete'],
    ['CREATE INDEX k ON g(a)', 'CreateIndex'],
  ])('the operators of %s', async (statement, operators, ...indexes) => {
    expect(operatorsOf(await plan(statement, ...indexes)).join(' ')).toBe(operators);
  });

  test.each<[predicate: string, spans: unknown]>([
    ['n = 5', [[{ low: '5', high: '5', inclusion: 3 }]]],
    ['n IN [1, 2]', [[{ low: '1', high: '1', inclusion: 3 }], [{ low: '2', high: '2', inclusion: 3 }]]],
    ['n IN $1', [[{ dynamic_in: true, low: 'array_min($1)', high: 'array_max($1)', inclusion: 3 }]]],
    ['n LIKE "a%"', [[{ low: '"a"', high: '"b"', inclusion: 1 }]]],
    ['n LIKE $p', [[{ low: 'like_prefix($p)', high: 'like_stop($p)', inclusion: 1 }]]],
    ['n IS NOT MISSING', [[{ low: 'null', inclusion: 1 }]]],
    ['n < 3', [[{ low: 'null', high: '3', inclusion: 0 }]]],
  ])('the spans of %s', async (predicate, spans) => {
    const { spans: found } = find(await plan(`SELECT * FROM g WHERE ${predicate}`, ON_N), 'IndexScan3') as {
      readonly spans: readonly { readonly range: readonly Node[] }[];
    };
    expect(found.map(({ range }) => range.map(({ index_key: _, ...rest }) => rest))).toEqual(spans);
  });

  test('what an index covers, and in which order it is gone through', async () => {
    const told = await plan('SELECT META().id, n FROM g WHERE n > 1 ORDER BY n DESC', ON_N);
    expect(find(told, 'IndexScan3')).toMatchObject({
      covers: ['cover ((`g`.`n`))', 'cover ((meta(`g`).`id`))'],
      index_order: [{ keypos: 0, desc: true }],
      reverse: true,
    });
    const primary = find(await plan('SELECT m FROM g', 'CREATE PRIMARY INDEX ON g'), 'PrimaryScan3');
    expect(primary).toMatchObject({ index: '#primary', using: 'gsi' });
    expect(find(await plan('SELECT m FROM g'), 'PrimaryScan3')).toMatchObject({ index: '#sequentialscan' });
  });

  test('the statement without EXPLAIN, and what is wrong with it', async () => {
    const catalog = holding({});
    const run = query('EXPLAIN  SELECT 1', { catalog, readonly: true });
    expect(await run.rows()).toMatchObject([{ text: 'SELECT 1' }]);
    expect(run.signature).toBe('json');
    const wrong = query('EXPLAIN SELECT * FROM nope', { catalog });
    await wrong.rows();
    expect(wrong.errors.map(({ code }) => code)).toEqual([12003]);
    const write = query('EXPLAIN DELETE FROM g', { catalog, readonly: true });
    await write.rows();
    expect(write.errors).toEqual([]);
  });
});

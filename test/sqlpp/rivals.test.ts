import { jsonText, query } from '@cb/sqlpp';
import alasql from 'alasql';
import { aggregate } from 'mingo';

/** Fields that alasql and mingo read as SQL++ does: they are all there, numbers are exact, names are of no keyword. */
type Item = {
  readonly id: number;
  readonly color: string;
  readonly size: number;
  readonly price: number;
  readonly shop: number;
};

type Shop = {
  readonly id: number;
  readonly city: string;
  readonly rank: number;
};

const COLORS = ['red', 'green', 'blue', 'dark blue', 'white'];
const ITEMS: readonly Item[] = Array.from({ length: 240 }, (_, at) => ({
  id: at,
  color: COLORS[(at * 7) % 5] as string,
  size: (at * 13) % 17,
  price: ((at * 37) % 101) / 4,
  shop: (at * 11) % 14,
}));
const SHOPS: readonly Shop[] = Array.from({ length: 12 }, (_, at) => ({
  id: at,
  city: ['Ulm', 'Bonn', 'Kiel'][at % 3] as string,
  rank: (at * 5) % 12,
}));

/** Conditions, with what mingo calls them. */
const CONDITIONS: readonly (readonly [text: string, criteria: object])[] = [
  ['i.size > 8', { size: { $gt: 8 } }],
  ['i.size >= 8 AND i.price < 12.5', { $and: [{ size: { $gte: 8 } }, { price: { $lt: 12.5 } }] }],
  ["i.color = 'red' OR i.size = 3", { $or: [{ color: 'red' }, { size: 3 }] }],
  ["NOT (i.color = 'blue' OR i.price <= 6)", { $nor: [{ color: 'blue' }, { price: { $lte: 6 } }] }],
  ['i.size IN (1, 4, 9, 16)', { size: { $in: [1, 4, 9, 16] } }],
  ["i.color NOT IN ('red', 'white')", { color: { $nin: ['red', 'white'] } }],
  ['i.price BETWEEN 3 AND 9.75', { price: { $gte: 3, $lte: 9.75 } }],
  ["i.color <> 'green' AND i.size < i.shop", { color: { $ne: 'green' }, $expr: { $lt: ['$size', '$shop'] } }],
  ["i.color LIKE '%blue'", { color: { $regex: 'blue$' } }],
  ['i.size + i.shop * 2 > 25', { $expr: { $gt: [{ $add: ['$size', { $multiply: ['$shop', 2] }] }, 25] } }],
  ['1 = 2', { id: -1 }],
];

const ORDERS: readonly (readonly [text: string, stage: Readonly<Record<string, 1 | -1>>])[] = [
  ['i.id', { id: 1 }],
  ['i.color, i.size DESC, i.id', { color: 1, size: -1, id: 1 }],
  ['i.price DESC, i.id DESC', { price: -1, id: -1 }],
];

/** SQL++ writes lists in brackets. */
function inSqlpp(statement: string): string {
  return statement.replace(/IN \(([^)]*)\)/g, 'IN [$1]');
}

async function rowsOf(statement: string): Promise<unknown[]> {
  const run = query(inSqlpp(statement), { keyspaces: { items: ITEMS, shops: SHOPS } });
  const rows = await run.rows();
  expect(run.errors).toEqual([]);
  return rows.map((row) => JSON.parse(jsonText(row)) as unknown);
}

/** alasql takes arrays in the place of names. */
function judged(statement: string): unknown[] {
  const parameters: unknown[] = [];
  const text = statement.replace(/\b(items|shops)\b/g, (name) => {
    parameters.push(name === 'items' ? ITEMS : SHOPS);
    return '?';
  });
  return alasql(text, parameters) as unknown[];
}

/** Rows in an order of their own, numbers without what adding in another order changes. */
function unordered(rows: readonly unknown[]): string[] {
  return rows.map((row) => JSON.stringify(sortedMembers(row))).sort();
}

function sortedMembers(row: unknown): unknown {
  return Object.fromEntries(Object.entries(row as object).sort(([left], [right]) => (left < right ? -1 : 1)));
}

describe('filters', () => {
  test.each(CONDITIONS)('keep what alasql and mingo keep where %s', async (condition, criteria) => {
    const statement = `SELECT i.id, i.color, i.price FROM items AS i WHERE ${condition}`;
    const rows = unordered(await rowsOf(statement));
    expect(rows).toEqual(unordered(judged(statement)));
    const found = aggregate([...ITEMS], [{ $match: criteria }, { $project: { _id: 0, id: 1, color: 1, price: 1 } }]);
    expect(rows).toEqual(unordered(found));
  });
});

describe('orders', () => {
  test.each(ORDERS)('give the rows that alasql and mingo give, by %s', async (order, stage) => {
    const [condition, criteria] = CONDITIONS[0] as (typeof CONDITIONS)[number];
    const statement = `SELECT i.id, i.size FROM items AS i WHERE ${condition} ORDER BY ${order} LIMIT 20 OFFSET 5`;
    const rows = await rowsOf(statement);
    expect(rows).toEqual(judged(statement));
    const stages = [{ $match: criteria }, { $sort: stage }, { $skip: 5 }, { $limit: 20 }];
    expect(rows).toEqual(aggregate([...ITEMS], [...stages, { $project: { _id: 0, id: 1, size: 1 } }]));
  });

  test('of results without what is there twice are those of alasql', async () => {
    const statement = 'SELECT DISTINCT i.color, i.shop FROM items AS i';
    expect(unordered(await rowsOf(statement))).toEqual(unordered(judged(statement)));
  });
});

describe('groups', () => {
  const accumulators = {
    n: { $sum: 1 },
    s: { $sum: '$size' },
    a: { $avg: '$price' },
    l: { $min: '$price' },
    h: { $max: '$size' },
  };
  const aggregates = 'COUNT(*) AS n, SUM(i.size) AS s, AVG(i.price) AS a, MIN(i.price) AS l, MAX(i.size) AS h';

  test.each(CONDITIONS.slice(0, 8))('have the aggregates of alasql and mingo where %s', async (condition, criteria) => {
    const statement = `SELECT i.color, ${aggregates} FROM items AS i WHERE ${condition} GROUP BY i.color`;
    const rows = unordered(await rowsOf(statement));
    expect(rows).toEqual(unordered(judged(statement)));
    const stages = [{ $match: criteria }, { $group: { _id: '$color', ...accumulators } }];
    const groups = aggregate([...ITEMS], stages) as { readonly _id: string }[];
    expect(rows).toEqual(unordered(groups.map(({ _id, ...rest }) => ({ color: _id, ...rest }))));
  });

  test.each(['COUNT(*) > 20', 'SUM(i.price) < 300 AND MIN(i.size) = 0'])(
    'are those of alasql, having %s',
    async (condition) => {
      const statement = `SELECT i.shop, COUNT(*) AS n FROM items AS i GROUP BY i.shop HAVING ${condition}`;
      expect(unordered(await rowsOf(statement))).toEqual(unordered(judged(statement)));
    },
  );

  test('of two keys are those of mingo', async () => {
    const statement = 'SELECT i.color, i.shop, SUM(i.size) AS s FROM items AS i GROUP BY i.color, i.shop';
    const stages = [{ $group: { _id: { color: '$color', shop: '$shop' }, s: { $sum: '$size' } } }];
    const groups = aggregate([...ITEMS], stages) as { readonly _id: object; readonly s: number }[];
    expect(unordered(await rowsOf(statement))).toEqual(unordered(groups.map(({ _id, s }) => ({ ..._id, s }))));
  });
});

describe('joins', () => {
  test.each([
    ['JOIN shops AS s ON i.shop = s.id', '1 = 1'],
    ['JOIN shops AS s ON i.shop = s.id', "s.city = 'Ulm' AND i.size > s.rank"],
    ['JOIN shops AS s ON i.shop = s.id AND i.size = s.rank', 'i.price > 2'],
  ])('are those of alasql: %s where %s', async (join, condition) => {
    const statement = `SELECT i.id, i.color, s.city, s.rank FROM items AS i ${join} WHERE ${condition}`;
    expect(unordered(await rowsOf(statement))).toEqual(unordered(judged(statement)));
  });

  test('that keep what has no other side are those of mingo', async () => {
    const statement = 'SELECT i.id, s.city FROM items AS i LEFT JOIN shops AS s ON i.shop = s.id';
    const found = aggregate(
      [...ITEMS],
      [
        { $lookup: { from: [...SHOPS], localField: 'shop', foreignField: 'id', as: 's' } },
        { $unwind: { path: '$s', preserveNullAndEmptyArrays: true } },
        { $project: { _id: 0, id: 1, city: '$s.city' } },
      ],
    );
    expect(unordered(await rowsOf(statement))).toEqual(unordered(found));
  });

  test('with groups are those of alasql', async () => {
    const statement =
      'SELECT s.city, COUNT(*) AS n, SUM(i.price) AS p FROM items AS i JOIN shops AS s ON i.shop = s.id GROUP BY s.city';
    expect(unordered(await rowsOf(statement))).toEqual(unordered(judged(statement)));
  });
});

/** One question, in the language of each engine. All have the same number of rows. */
export interface QueryWorkload {
  readonly title: string;
  readonly data: 'beers' | 'cities';
  /** Over the keyspace `d`. */
  readonly sqlpp: string;
  /** Over arrays: each `?` is one. */
  readonly alasql: string;
  /** Stages over an array; a $lookup is in all documents again. */
  readonly mingo: readonly object[];
  /** Over a table `d` of documents as JSON text. */
  readonly sqlite: string;
}

const json = (path: string, table = 'd'): string => `json_extract(${table}.doc, '$.${path}')`;

export const QUERY_WORKLOADS: readonly QueryWorkload[] = [
  {
    title: 'filter, 7,303 beers and breweries',
    data: 'beers',
    sqlpp: "SELECT d.name, d.abv FROM d WHERE d.type = 'beer' AND d.abv > 6",
    alasql: "SELECT name, abv FROM ? WHERE type = 'beer' AND abv > 6",
    mingo: [{ $match: { type: 'beer', abv: { $gt: 6 } } }, { $project: { _id: 0, name: 1, abv: 1 } }],
    sqlite: `SELECT ${json('name')} AS name, ${json('abv')} AS abv FROM d WHERE ${json('type')} = 'beer' AND ${json('abv')} > 6`,
  },
  {
    title: 'group, 7,303 beers and breweries',
    data: 'beers',
    sqlpp: "SELECT d.style, COUNT(*) AS n, AVG(d.abv) AS abv FROM d WHERE d.type = 'beer' GROUP BY d.style",
    alasql: "SELECT style, COUNT(*) AS n, AVG(abv) AS abv FROM ? WHERE type = 'beer' GROUP BY style",
    mingo: [{ $match: { type: 'beer' } }, { $group: { _id: '$style', n: { $sum: 1 }, abv: { $avg: '$abv' } } }],
    sqlite: `SELECT ${json('style')} AS style, COUNT(*) AS n, AVG(${json('abv')}) AS abv FROM d WHERE ${json('type')} = 'beer' GROUP BY 1`,
  },
  {
    title: 'order and limit, 7,303 beers and breweries',
    data: 'beers',
    sqlpp: "SELECT d.name, d.abv FROM d WHERE d.type = 'beer' ORDER BY d.abv DESC, d.name LIMIT 10",
    alasql: "SELECT name, abv FROM ? WHERE type = 'beer' ORDER BY abv DESC, name LIMIT 10",
    mingo: [
      { $match: { type: 'beer' } },
      { $sort: { abv: -1, name: 1 } },
      { $limit: 10 },
      { $project: { _id: 0, name: 1, abv: 1 } },
    ],
    sqlite: `SELECT ${json('name')} AS name, ${json('abv')} AS abv FROM d WHERE ${json('type')} = 'beer' ORDER BY 2 DESC, 1 LIMIT 10`,
  },
  {
    title: 'join, 5,891 beers with their breweries',
    data: 'beers',
    sqlpp:
      "SELECT b.name, w.name AS brewery FROM d AS b JOIN d AS w ON b.brewery_id = w.id WHERE b.type = 'beer' AND w.type = 'brewery'",
    alasql:
      "SELECT b.name, w.name AS brewery FROM ? AS b JOIN ? AS w ON b.brewery_id = w.id WHERE b.type = 'beer' AND w.type = 'brewery'",
    mingo: [
      { $match: { type: 'beer' } },
      { $lookup: { localField: 'brewery_id', foreignField: 'id', as: 'w' } },
      { $unwind: '$w' },
      { $match: { 'w.type': 'brewery' } },
      { $project: { _id: 0, name: 1, brewery: '$w.name' } },
    ],
    sqlite: `SELECT ${json('name', 'b')} AS name, ${json('name', 'w')} AS brewery FROM d AS b JOIN d AS w ON ${json('brewery_id', 'b')} = w.id WHERE ${json('type', 'b')} = 'beer' AND ${json('type', 'w')} = 'brewery'`,
  },
  {
    title: 'filter, 171,000 cities',
    data: 'cities',
    sqlpp: "SELECT d.name, d.lat FROM d WHERE d.country = 'C7' AND d.lat > 40",
    alasql: "SELECT name, lat FROM ? WHERE country = 'C7' AND lat > 40",
    mingo: [{ $match: { country: 'C7', lat: { $gt: 40 } } }, { $project: { _id: 0, name: 1, lat: 1 } }],
    sqlite: `SELECT ${json('name')} AS name, ${json('lat')} AS lat FROM d WHERE ${json('country')} = 'C7' AND ${json('lat')} > 40`,
  },
  {
    title: 'group, 171,000 cities',
    data: 'cities',
    sqlpp: 'SELECT d.country, COUNT(*) AS n, SUM(d.population) AS p FROM d GROUP BY d.country',
    alasql: 'SELECT country, COUNT(*) AS n, SUM(population) AS p FROM ? GROUP BY country',
    mingo: [{ $group: { _id: '$country', n: { $sum: 1 }, p: { $sum: '$population' } } }],
    sqlite: `SELECT ${json('country')} AS country, COUNT(*) AS n, SUM(${json('population')}) AS p FROM d GROUP BY 1`,
  },
  {
    title: 'order and limit, 171,000 cities',
    data: 'cities',
    sqlpp: 'SELECT d.name, d.population FROM d ORDER BY d.population DESC, d.name LIMIT 10',
    alasql: 'SELECT name, population FROM ? ORDER BY population DESC, name LIMIT 10',
    mingo: [{ $sort: { population: -1, name: 1 } }, { $limit: 10 }, { $project: { _id: 0, name: 1, population: 1 } }],
    sqlite: `SELECT ${json('name')} AS name, ${json('population')} AS population FROM d ORDER BY 2 DESC, 1 LIMIT 10`,
  },
];

/** Statements that the real engine was measured with, with its milliseconds on a quiet machine of this kind. */
export const ENGINE_STATEMENTS: Readonly<Record<string, readonly [ms: number, statement: string]>> = {
  'count of 1,000,000 numbers': [740, 'SELECT COUNT(*) FROM ARRAY_RANGE(0, 1000000) AS r WHERE r % 7 = 0'],
  '100 groups of 300,000 numbers': [
    560,
    'SELECT r % 100 AS g, COUNT(*) AS n, SUM(r) AS s FROM ARRAY_RANGE(0, 300000) AS r GROUP BY r % 100',
  ],
  'the last 10 of 200,000 numbers': [
    700,
    'SELECT r AS a, r*2 AS b FROM ARRAY_RANGE(0, 200000) AS r ORDER BY r DESC LIMIT 10',
  ],
  'SELECT 1': [0.6, 'SELECT 1'],
};

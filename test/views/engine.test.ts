import { EmbeddedCluster } from '@cb/embedded';
import fc from 'fast-check';
import { readSharedData, sharedData } from '../data/shared-data.js';
import {
  collate,
  mapAll,
  mapQuery,
  type ReferenceDocument,
  type ReferenceQuery,
  type ReferenceReduce,
  type ReferenceRow,
  reduceQuery,
} from './reference-view.js';
import { type Parameters, ViewClient } from './view-client.js';

const documentsPath = sharedData('beer-sample.ndjson.gz');
const designsPath = sharedData('beer-sample.designs.json');
const suite = documentsPath !== undefined && designsPath !== undefined ? describe : describe.skip;
if (documentsPath === undefined || designsPath === undefined) {
  console.warn('../shared/data/beer-sample.* is missing: the tests of views over it are skipped');
}

/** Combinations of options that are tried on each view. */
const RUNS = 25;

/** Views of our own over the same documents, for kinds of keys and reductions that the sample's designs have none of. */
const DESIGN = {
  views: {
    by_abv: {
      map: `function (doc) { if (doc.type === 'beer') emit(Math.round(doc.abv), Math.round(doc.ibu)); }`,
      reduce: '_stats',
    },
    by_style: {
      map: `function (doc) { if (doc.style) emit([doc.category, doc.style], Math.round(doc.abv)); }`,
      reduce: '_sum',
    },
    by_anything: {
      map: `function (doc, meta) {
        emit(doc.style, doc.name.length);
        emit({ type: doc.type, ibu: doc.ibu }, doc.name.length);
        if (doc.abv > 8) emit(doc.abv, doc.name.length);
      }`,
      reduce: `function (keys, values, rereduce) {
        var least = Infinity, count = 0;
        for (var i = 0; i < values.length; i++) {
          least = Math.min(least, rereduce ? values[i].least : values[i]);
          count += rereduce ? values[i].count : 1;
        }
        return { least: least, count: count };
      }`,
    },
  },
};

const sum: ReferenceReduce = (rows) => rows.reduce((total, { value }) => total + (value as number), 0);
const count: ReferenceReduce = (rows) => rows.length;
const stats: ReferenceReduce = (rows) => {
  const values = rows.map(({ value }) => value as number);
  const total = values.reduce((a, b) => a + b);
  const sumsqr = values.reduce((a, b) => a + b * b, 0);
  return { sum: total, count: values.length, min: Math.min(...values), max: Math.max(...values), sumsqr };
};
const leastAndCount: ReferenceReduce = (rows) => ({
  least: Math.min(...rows.map(({ value }) => value as number)),
  count: rows.length,
});

interface ComparedView {
  readonly name: string;
  readonly rows: readonly ReferenceRow[];
  readonly reduce: ReferenceReduce | undefined;
}

function readDocuments(): ReferenceDocument[] {
  const lines = readSharedData(documentsPath!).toString('utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

function comparedViews(documents: readonly ReferenceDocument[]): ComparedView[] {
  return [
    {
      name: 'beer/brewery_beers',
      rows: mapAll(documents, (doc, emit, id) => {
        if (doc.type === 'brewery') emit([id]);
        else if (doc.type === 'beer' && doc.brewery_id) emit([doc.brewery_id, id]);
      }),
      reduce: undefined,
    },
    {
      name: 'beer/by_location',
      // The conditions of the design separate by commas, so that only the last one counts.
      rows: mapAll(documents, (doc, emit) => {
        if (doc.city)
          emit(
            [doc.country, doc.state, doc.city].map((part) => part ?? null),
            1,
          );
        else if (doc.state)
          emit(
            [doc.country, doc.state].map((part) => part ?? null),
            1,
          );
        else if (doc.country) emit([doc.country], 1);
      }),
      reduce: count,
    },
    {
      name: 'own/by_abv',
      rows: mapAll(documents, (doc, emit) => {
        if (doc.type === 'beer') emit(Math.round(doc.abv), Math.round(doc.ibu));
      }),
      reduce: stats,
    },
    {
      name: 'own/by_style',
      rows: mapAll(documents, (doc, emit) => {
        if (doc.style) emit([doc.category ?? null, doc.style], Math.round(doc.abv));
      }),
      reduce: sum,
    },
    {
      name: 'own/by_anything',
      rows: mapAll(documents, (doc, emit) => {
        emit(doc.style ?? null, doc.name.length);
        emit(JSON.parse(JSON.stringify({ type: doc.type, ibu: doc.ibu })), doc.name.length);
        if (doc.abv > 8) emit(doc.abv, doc.name.length);
      }),
      reduce: leastAndCount,
    },
  ];
}

suite.each([1, 4])('the view engine on beer-sample, %d nodes', (nodes) => {
  let cluster: EmbeddedCluster;
  let client: ViewClient;
  let views: readonly ComparedView[];

  beforeAll(async () => {
    const documents = readDocuments();
    views = comparedViews(documents);
    cluster = await EmbeddedCluster.start({ nodes, buckets: 'beer-sample' });
    const bucket = cluster.bucket('beer-sample');
    for (const { id, doc } of documents) bucket.put(id, doc);
    client = new ViewClient(cluster, 'beer-sample', nodes - 1);
    for (const [name, design] of Object.entries(JSON.parse(readSharedData(designsPath!).toString()))) {
      expect(await client.write(name, design)).toMatchObject({ status: 201, ok: true });
    }
    expect(await client.write('own', DESIGN)).toMatchObject({ status: 201, id: '_design/own' });
  });

  afterAll(() => cluster.stop());

  test('brewery_beers begins with the rows that the guide prints', async () => {
    const { total_rows, rows } = await client.query('beer/brewery_beers', { limit: 5 });
    const beers = ['21a_ipa', '563_stout', 'amendment_pale_ale', 'bitter_american'];
    const brewery = '21st_amendment_brewery_cafe';
    expect(total_rows).toBe(7303);
    expect(rows).toEqual([
      { id: brewery, key: [brewery], value: null },
      ...beers.map((beer) => ({ id: `${brewery}-${beer}`, key: [brewery, `${brewery}-${beer}`], value: null })),
    ]);
  });

  test('all 7,303 rows come, in order', async () => {
    const { rows } = await client.query('beer/brewery_beers');
    expect(rows).toHaveLength(7303);
    expect(rows).toEqual(mapQuery(views[0]!.rows, {}));
  });

  test.each([0, 1, 2, 3, 4])('by_location counts at group level %d', async (level) => {
    const { rows } = await client.query('beer/by_location', { group_level: level });
    expect(rows.length).toBeGreaterThan(level === 0 ? 0 : 10);
    expect(rows).toEqual(reduceQuery(views[1]!.rows, { group_level: level }, count));
  });

  test.each(['beer/brewery_beers', 'beer/by_location', 'own/by_abv', 'own/by_style', 'own/by_anything'])(
    '%s is what an independent computation says, whatever the options',
    async (name) => {
      const view = views.find((one) => one.name === name)!;
      await fc.assert(
        fc.asyncProperty(queries(view), async ({ query, isReduced, spelling }) => {
          const { keys, ...rest } = query;
          const parameters = spelled(rest, spelling, isReduced || view.reduce === undefined);
          const answer = await client.query(name, parameters, keys === undefined ? undefined : { keys });
          expect(answer.text).toMatch(/^\{.*"rows":\[\r\n/);
          if (isReduced) {
            expect(answer.rows).toEqual(reduceQuery(view.rows, query, view.reduce!));
          } else {
            expect(answer.rows).toEqual(mapQuery(view.rows, query));
            expect(answer.total_rows).toBe(view.rows.length);
          }
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
    },
  );
});

interface Asked {
  readonly query: ReferenceQuery;
  readonly isReduced: boolean;
  /** Which of the two spellings the ranges are asked in. */
  readonly spelling: 'old' | 'new';
}

/** Queries of all options in combination, with bounds that are keys of the view, near them, or anything. */
function queries({ rows, reduce }: ComparedView): fc.Arbitrary<Asked> {
  const row = fc.constantFrom(...rows);
  const bound = fc.oneof(
    { weight: 5, arbitrary: row.map(({ key }) => key) },
    { weight: 2, arbitrary: row.map(({ key }) => (Array.isArray(key) ? key.slice(0, 1) : key)) },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(null, false, 0, '', 'zz', [], [null], {}, { type: 'beer' }) },
  );
  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  return fc
    .record({
      bounds: fc.tuple(optional(row), optional(row), bound, bound),
      kind: fc.constantFrom('all', 'from', 'to', 'range', 'range', 'page', 'key', 'keys'),
      keys: fc.array(bound, { maxLength: 5 }),
      descending: optional(fc.boolean()),
      inclusive_end: optional(fc.boolean()),
      skip: optional(fc.nat({ max: 40 })),
      limit: fc.oneof({ weight: 6, arbitrary: fc.nat({ max: 50 }) }, { weight: 1, arbitrary: fc.constant(undefined) }),
      grouping: fc.constantFrom<ReferenceQuery>(
        {},
        { group: true },
        { group: false },
        { group_level: 1 },
        { group_level: 2 },
      ),
      isReduced: fc.boolean(),
      spelling: fc.constantFrom('old' as const, 'new' as const),
    })
    .map(({ bounds, kind, keys, grouping, isReduced, spelling, ...rest }) => {
      const reduced = isReduced && reduce !== undefined;
      const range = rangeOf(kind, bounds, keys, rest.descending ?? false);
      const groups = reduced ? (range.keys === undefined ? grouping : { group: true }) : {};
      return { query: { ...rest, ...range, ...groups }, isReduced: reduced, spelling };
    });
}

function rangeOf(
  kind: string,
  [one, other, first, second]: readonly [ReferenceRow | undefined, ReferenceRow | undefined, unknown, unknown],
  keys: readonly unknown[],
  descending: boolean,
): ReferenceQuery {
  const [low, high] = [first, second].sort(orderFor(descending));
  if (kind === 'from') return { startkey: first };
  if (kind === 'to') return { endkey: first };
  if (kind === 'key') return { key: first };
  if (kind === 'keys') return { keys };
  if (kind === 'range') return { startkey: low, endkey: high };
  if (kind !== 'page') return {};
  const [from, to] = [one, other].filter((row) => row !== undefined).sort((a, b) => orderFor(descending)(a.key, b.key));
  return {
    ...(from === undefined ? {} : { startkey: from.key, startkey_docid: from.id }),
    ...(to === undefined ? {} : { endkey: to.key, endkey_docid: to.id }),
  };
}

function orderFor(descending: boolean): (a: unknown, b: unknown) => number {
  return descending ? (a, b) => collate(b, a) : collate;
}

const NEW_SPELLINGS: Readonly<Record<string, string>> = {
  startkey: 'start_key',
  endkey: 'end_key',
  startkey_docid: 'start_key_doc_id',
  endkey_docid: 'end_key_doc_id',
};

/** The options as they stand in the query string; `reduce` is said only where it is not what would be done anyway. */
function spelled(query: ReferenceQuery, spelling: Asked['spelling'], reducesByDefault: boolean): Parameters {
  const parameters: Record<string, string> = reducesByDefault ? {} : { reduce: 'false' };
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    const isJson = ['key', 'startkey', 'endkey'].includes(name);
    parameters[(spelling === 'new' && NEW_SPELLINGS[name]) || name] = isJson ? JSON.stringify(value) : String(value);
  }
  return parameters;
}

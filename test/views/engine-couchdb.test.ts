import { EmbeddedCluster } from '@cb/embedded';
import fc from 'fast-check';
import memoryAdapter from 'pouchdb-adapter-memory';
import PouchDB from 'pouchdb-core';
import mapReduce from 'pouchdb-mapreduce';
import { type Parameters, ViewClient } from './view-client.js';

/**
 * The same documents and the same queries as in a CouchDB written by others. Where the two servers differ on purpose,
 * the documents keep clear of it, and a test below says what the difference is:
 *
 * - strings: PouchDB goes by UTF-16 units, CouchDB and Couchbase by the Unicode collation algorithm
 * - rows of one document with equal keys: in CouchDB as they were emitted, in Couchbase by the text of their values
 * - `_sum`: CouchDB adds arrays up too, Couchbase takes numbers only
 * - custom reduce functions: CouchDB hands over `[key, id]` pairs, Couchbase keys
 * - `inclusive_end=false` with `key` or `keys`: PouchDB passes over it; by the server's code the range is empty
 * - `descending` with `keys`: PouchDB passes over it; the server turns the rows of each key round
 * - a key that `keys` names twice: PouchDB adds both up when it reduces; the server reduces for each
 * - `stale`: PouchDB's default is to update first, that of Couchbase to update after
 */
const DESIGN = {
  views: {
    plain: { map: `function (doc) { doc.list.forEach(function (pair) { emit(pair[0], pair[1]); }); }` },
    counted: {
      map: `function (doc) { doc.list.forEach(function (pair) { emit(pair[0], pair[1]); }); }`,
      reduce: '_count',
    },
    summed: {
      map: `function (doc) { doc.list.forEach(function (pair) { emit(pair[0], pair[1]); }); }`,
      reduce: '_sum',
    },
    stats: {
      map: `function (doc) { doc.list.forEach(function (pair) { emit(pair[0], pair[1]); }); }`,
      reduce: '_stats',
    },
    custom: {
      map: `function (doc) { doc.list.forEach(function (pair) { emit(pair[0], pair[1]); }); }`,
      reduce: `function (keys, values, rereduce) {
        if (rereduce) return [Math.max.apply(null, values.map(function (v) { return v[0]; })), sum(values.map(function (v) { return v[1]; }))];
        return [Math.max.apply(null, values), values.length];
      }`,
    },
  },
};

PouchDB.plugin(memoryAdapter).plugin(mapReduce);

const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 3 });
const scalar = fc.oneof(
  fc.constantFrom(null, true, false),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(1.5, 1e9),
  name,
);
const key = fc.oneof(
  { weight: 3, arbitrary: scalar },
  { weight: 3, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.array(fc.array(scalar, { maxLength: 2 }), { maxLength: 2 }) },
  { weight: 1, arbitrary: fc.dictionary(name, scalar, { maxKeys: 2, noNullPrototype: true }) },
);
/** Few enough for their numbers to have one digit: so the order of emission is that of the values. */
const list = fc.array(key, { maxLength: 9 }).map((keys) => keys.map((one, index) => [one, index]));
const documents = fc
  .sample(list, { seed: 7, numRuns: 80 })
  .map((pairs, index) => ({ _id: `doc-${index}`, list: pairs }));
const keys = documents.flatMap((document) => document.list.map(([one]) => one));

const bound = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...keys) }, { weight: 1, arbitrary: key });

/** Options in CouchDB's words, all combinations of them. */
const options = fc.record(
  {
    startkey: bound,
    endkey: bound,
    key: bound,
    keys: fc.uniqueArray(bound, { maxLength: 4, selector: (one) => JSON.stringify(one) }),
    inclusive_end: fc.boolean(),
    descending: fc.boolean(),
    skip: fc.nat({ max: 10 }),
    limit: fc.nat({ max: 30 }),
    reduce: fc.boolean(),
    group: fc.boolean(),
    group_level: fc.nat({ max: 3 }),
  },
  { requiredKeys: [] },
);

let cluster: EmbeddedCluster;
let client: ViewClient;
let couch: PouchDB;

beforeAll(async () => {
  couch = new PouchDB('judge', { adapter: 'memory' });
  cluster = await EmbeddedCluster.start({ nodes: 3, vbuckets: 16 });
  client = new ViewClient(cluster, 'default');
  const bucket = cluster.bucket('default');
  for (const document of documents) bucket.put(document._id, document);
  await couch.bulkDocs([...documents, { _id: '_design/judge', ...DESIGN }]);
  await client.write('judge', DESIGN);
});

afterAll(async () => {
  await couch.destroy();
  await cluster.stop();
});

test.each(Object.keys(DESIGN.views))('the view %s is what CouchDB makes of it', async (view) => {
  await fc.assert(
    fc.asyncProperty(options, async (given) => {
      const asked = sensible(given, view !== 'plain');
      const [expected, actual] = await Promise.all([judge(view, asked), ask(view, asked)]);
      expect(actual).toEqual(expected);
    }),
    { numRuns: 80, endOnFailure: true },
  );
});

describe('on purpose otherwise than CouchDB or PouchDB', () => {
  beforeAll(async () => {
    const bucket = cluster.bucket('default');
    for (const [index, text] of ['B', 'a', 'é', 'b', 'A', 'f', 'e', ''].entries())
      bucket.put(`text-${index}`, { text });
    bucket.put('twice', { twice: [10, 9] });
    const reduce = 'function (keys, values, rereduce) { return rereduce ? values : keys; }';
    await client.write('otherwise', {
      views: {
        texts: { map: "function (doc) { if ('text' in doc) emit(doc.text); }", reduce },
        twice: { map: 'function (doc) { if (doc.twice) doc.twice.forEach(function (n) { emit(1, n); }); }' },
      },
    });
  });

  test('strings go by the Unicode collation algorithm, as in CouchDB, not by their units', async () => {
    const { rows } = await client.query('otherwise/texts', { reduce: false });
    expect(rows.map(({ key }) => key)).toEqual(['', 'a', 'A', 'b', 'B', 'e', 'é', 'f']);
  });

  test('rows of one document with equal keys go by the text of their values', async () => {
    const { rows } = await client.query('otherwise/twice');
    expect(rows.map(({ value }) => value)).toEqual([10, 9]);
  });

  test('a custom reduce function gets keys without ids', async () => {
    const { rows } = await client.query('otherwise/texts', { key: '"é"', group: true });
    expect(rows).toEqual([{ key: 'é', value: ['é'] }]);
  });

  test('_sum takes numbers only', async () => {
    const map = 'function (doc) { if (doc.text) emit(doc.text, [1, 2]); }';
    await client.write('arrays', { views: { sums: { map, reduce: '_sum' } } });
    const { rows, errors } = await client.query('arrays/sums');
    expect(rows).toEqual([]);
    const reason = 'Builtin _sum function requires map values to be numbers';
    expect(errors).toContainEqual({ from: 'local', reason });
  });

  test('a range of one key without its end is empty', async () => {
    const { rows } = await client.query('otherwise/texts', { key: '"a"', inclusive_end: false, reduce: false });
    expect(rows).toEqual([]);
  });
});

/** What PouchDB finds, or the kind of the error. It writes into the options that it is given. */
async function judge(view: string, asked: Readonly<Record<string, unknown>>): Promise<unknown> {
  try {
    const { rows } = await couch.query(`judge/${view}`, { ...asked });
    return rows.map(({ id, key, value }) => (id === undefined ? { key, value } : { id, key, value }));
  } catch (error) {
    return (error as Error).name;
  }
}

async function ask(view: string, { keys, ...rest }: Readonly<Record<string, unknown>>): Promise<unknown> {
  const parameters: Record<string, string> = {};
  for (const [option, value] of Object.entries(rest)) parameters[option] = JSON.stringify(value);
  const answer = await client.query(
    `judge/${view}`,
    parameters as Parameters,
    keys === undefined ? undefined : { keys },
  );
  return answer.status === 200 ? answer.rows : answer.error;
}

/** Options that both take: only one way to say which keys, and grouping only of what is reduced. */
function sensible(given: Readonly<Record<string, unknown>>, isReduced: boolean): Record<string, unknown> {
  const {
    startkey,
    endkey,
    key: one,
    keys: many,
    inclusive_end,
    descending,
    reduce,
    group,
    group_level,
    ...rest
  } = given;
  const reduces = isReduced && reduce !== false;
  const range =
    many !== undefined
      ? { keys: many }
      : one !== undefined
        ? { key: one }
        : defined({ startkey, endkey, inclusive_end });
  const grouping = many !== undefined ? { group: true } : group === true ? { group } : defined({ group_level });
  return { ...rest, ...range, ...(reduces ? grouping : {}), ...(isReduced ? { reduce: reduces } : {}) };
}

function defined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

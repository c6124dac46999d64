import { EmbeddedCluster } from '@cb/embedded';
import {
  DesignDocument,
  DesignDocumentNamespace,
  DesignDocumentNotFoundError,
  InvalidArgumentError,
  ViewOrdering,
  type ViewQueryOptions,
  ViewScanConsistency,
} from 'couchbase';
import { OfficialSdk, rejection } from './official.js';

const MAP = "function (doc, meta) { if (doc.type === 'bird') emit([doc.order, doc.name], doc.weight); }";

/** Order, name, weight. */
const BIRDS = [
  ['owls', 'barn owl', 500],
  ['owls', 'eagle owl', 2500],
  ['parrots', 'kakapo', 1500],
  ['parrots', 'kea', 900],
  ['ratites', 'emu', 40_000],
  ['ratites', 'kiwi', 3000],
] as const;

const KEYS = BIRDS.map(([order, name]) => [order, name]);

let cluster: EmbeddedCluster;
let official: OfficialSdk;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 2 });
  official = await OfficialSdk.connect(cluster);
  for (const [order, name, weight] of BIRDS) {
    await official.collection.upsert(name.replace(' ', '-'), { type: 'bird', order, name, weight });
  }
  await official.collection.upsert('not-a-bird', { type: 'plane' });
});

afterAll(async () => {
  await official[Symbol.asyncDispose]();
  await cluster.stop();
});

describe('the design documents of the official SDK', () => {
  test('are written in development, published, listed, read and dropped', async () => {
    const designs = official.cluster.bucket('default').viewIndexes();
    const { Development, Production } = DesignDocumentNamespace;
    const views = { by_order: new DesignDocument.View({ map: MAP, reduce: '_sum' }) };
    await designs.upsertDesignDocument(new DesignDocument({ name: 'managed', views }), Development);
    await designs.publishDesignDocument('managed');
    const published = await designs.getDesignDocument('managed', Production);
    expect(published).toMatchObject({ name: 'managed', views: { by_order: { map: MAP, reduce: '_sum' } } });
    for (const namespace of [Development, Production]) {
      const listed = await designs.getAllDesignDocuments(namespace);
      expect(listed.map(({ name }) => name)).toContain('managed');
    }
    await designs.dropDesignDocument('managed', Production);
    const error = await rejection(designs.getDesignDocument('managed', Production));
    expect(error).toBeInstanceOf(DesignDocumentNotFoundError);
    await designs.dropDesignDocument('managed', Development);
    expect(await designs.getAllDesignDocuments(Production)).toEqual([]);
  });

  test('are refused when a function has a syntax error', async () => {
    const designs = official.cluster.bucket('default').viewIndexes();
    const views = { broken: new DesignDocument.View({ map: 'function (doc {' }) };
    const error = await rejection(
      designs.upsertDesignDocument(new DesignDocument({ name: 'broken', views }), DesignDocumentNamespace.Production),
    );
    expect(error).toBeInstanceOf(Error);
    expect(cluster.bucket('default').designs.get('_design/broken')).toBeUndefined();
  });
});

describe('viewQuery of the official SDK', () => {
  beforeAll(async () => {
    const views = { by_order: new DesignDocument.View({ map: MAP, reduce: '_sum' }) };
    const designs = official.cluster.bucket('default').viewIndexes();
    await designs.upsertDesignDocument(
      new DesignDocument({ name: 'birds', views }),
      DesignDocumentNamespace.Production,
    );
  });

  function query(options: ViewQueryOptions) {
    return official.cluster.bucket('default').viewQuery('birds', 'by_order', options);
  }

  async function keysOf(options: ViewQueryOptions): Promise<unknown[]> {
    return (await query({ reduce: false, ...options })).rows.map(({ key }) => key);
  }

  test('finds all rows, in order, with their documents', async () => {
    const { rows, meta } = await query({ reduce: false, scanConsistency: ViewScanConsistency.RequestPlus });
    expect(meta.totalRows).toBe(BIRDS.length);
    expect(rows.map(({ key }) => key)).toEqual(KEYS);
    expect(rows[1]).toMatchObject({ id: 'eagle-owl', value: 2500 });
  });

  test('takes ranges, with their end and without', async () => {
    const range = { start: ['parrots'], end: ['ratites', 'emu'] };
    expect(await keysOf({ range })).toEqual(KEYS.slice(2, 5));
    expect(await keysOf({ range: { ...range, inclusiveEnd: false } })).toEqual(KEYS.slice(2, 4));
  });

  test('goes backwards, where a range begins at its greater end', async () => {
    const range = { start: ['ratites', 'emu'], end: ['owls', 'eagle owl'] };
    expect(await keysOf({ range, order: ViewOrdering.Descending })).toEqual(KEYS.slice(1, 5).reverse());
  });

  test('pages by keys and ids', async () => {
    const [first] = (await query({ reduce: false, skip: 2, limit: 1 })).rows;
    expect(first).toMatchObject({ id: 'kakapo' });
    const page = await keysOf({ limit: 2, skip: 1, idRange: { start: 'kakapo' }, range: { start: first!.key } });
    expect(page).toEqual(KEYS.slice(3, 5));
  });

  // The SDK's types know strings only for keys, the SDK itself takes anything.
  test('looks keys up in the order of asking', async () => {
    expect(await keysOf({ keys: [KEYS[4], ['owls', 'none'], KEYS[0]] as never })).toEqual([KEYS[4], KEYS[0]]);
    expect(await keysOf({ key: KEYS[3] as never })).toEqual([KEYS[3]]);
  });

  test('reduces: to one, by group, by a part of the key', async () => {
    expect((await query({})).rows.map(({ value }) => value)).toEqual([48_400]);
    const groups = await query({ groupLevel: 1 });
    expect(groups.rows).toMatchObject([
      { key: ['owls'], value: 3000 },
      { key: ['parrots'], value: 2400 },
      { key: ['ratites'], value: 43_000 },
    ]);
    expect((await query({ group: true })).rows).toHaveLength(BIRDS.length);
  });

  test('sees what was written before, when it asks to', async () => {
    await official.collection.upsert('tawny-owl', { type: 'bird', order: 'owls', name: 'tawny owl', weight: 450 });
    expect(await keysOf({ scanConsistency: ViewScanConsistency.NotBounded })).not.toContainEqual(['owls', 'tawny owl']);
    expect(await keysOf({ scanConsistency: ViewScanConsistency.RequestPlus })).toContainEqual(['owls', 'tawny owl']);
    await official.collection.remove('tawny-owl');
    expect(await keysOf({ scanConsistency: ViewScanConsistency.RequestPlus })).toEqual(KEYS);
  });

  test('hears what is wrong', async () => {
    const bucket = official.cluster.bucket('default');
    expect(await rejection(bucket.viewQuery('none', 'by_order'))).toBeInstanceOf(DesignDocumentNotFoundError);
    expect(await rejection(bucket.viewQuery('birds', 'none'))).toBeInstanceOf(DesignDocumentNotFoundError);
    expect(await rejection(query({ reduce: false, group: true }))).toBeInstanceOf(InvalidArgumentError);
    const range = { start: ['z'], end: ['a'] };
    expect(await rejection(query({ range }))).toBeInstanceOf(InvalidArgumentError);
  });
});

import { EmbeddedCluster } from '@cb/embedded';
import { DocumentNotFoundError } from 'couchbase';
import { Ottoman, Schema, SearchConsistency } from 'ottoman';

/** Statements wait for the documents that were written before. */
const consistency = SearchConsistency.LOCAL;

let cluster: EmbeddedCluster;
let ottoman: Ottoman;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ vbuckets: 64 });
  ottoman = new Ottoman({ collectionName: '_default', consistency });
  const { connectionString, username, password } = cluster;
  await ottoman.connect({ connectionString, bucketName: 'default', username, password });
});

afterAll(async () => {
  await ottoman.close();
  await cluster.stop();
});

interface Bird {
  readonly id: string;
  name: string;
  weight: number;
  order?: string | { readonly id: string; readonly name: string };
  colours?: string[];
}

function models() {
  const orderSchema = new Schema({ name: { type: String, required: true } });
  const birdSchema = new Schema({
    name: { type: String, required: true },
    weight: { type: Number, min: 1 },
    colours: [String],
    order: { type: orderSchema, ref: 'Order' },
  });
  birdSchema.index['findByName'] = { by: 'name', type: 'n1ql' };
  birdSchema.index['findByColour'] = { by: 'colours[*]', type: 'n1ql' };
  birdSchema.index['findRefName'] = { by: 'name', type: 'refdoc' };
  return { Order: ottoman.model('Order', orderSchema), Bird: ottoman.model<Bird>('Bird', birdSchema) };
}

describe('a model on the embedded cluster', () => {
  let Bird: ReturnType<typeof models>['Bird'];
  let Order: ReturnType<typeof models>['Order'];

  beforeAll(async () => {
    ({ Bird, Order } = models());
    // Makes the collections and the indexes, and waits for the indexes.
    await ottoman.start();
    const parrots = await Order.create({ name: 'parrots' });
    const ratites = await Order.create({ name: 'ratites' });
    await Bird.create({ name: 'emu', weight: 40_000, colours: ['brown'], order: ratites });
    await Bird.create({ name: 'kakapo', weight: 1500, colours: ['green', 'yellow'], order: parrots });
    await Bird.create({ name: 'kea', weight: 900, colours: ['green'], order: parrots });
  });

  async function names(filter: object, options: object = {}): Promise<string[]> {
    const { rows } = await Bird.find(filter, { select: 'name', sort: { name: 'ASC' }, consistency, ...options });
    return (rows as Bird[]).map(({ name }) => name);
  }

  test('creates documents and finds them by their id', async () => {
    const created = await Bird.create({ name: 'owl', weight: 500 });
    expect(await Bird.findById(created.id)).toMatchObject({ name: 'owl', weight: 500 });
    await Bird.updateById(created.id, { weight: 600 });
    expect(await Bird.findById(created.id)).toMatchObject({ name: 'owl', weight: 600 });
    await Bird.removeById(created.id);
    await expect(Bird.findById(created.id)).rejects.toBeInstanceOf(DocumentNotFoundError);
    await expect(Bird.create({ weight: 5 })).rejects.toThrow('name');
  });

  test('finds documents by filters', async () => {
    expect(await names({})).toEqual(['emu', 'kakapo', 'kea']);
    expect(await names({ name: 'kea' })).toEqual(['kea']);
    expect(await names({ name: { $like: 'k%' } })).toEqual(['kakapo', 'kea']);
    expect(await names({ weight: { $gte: 1500 } })).toEqual(['emu', 'kakapo']);
    expect(await names({ $or: [{ name: 'emu' }, { weight: { $lt: 1000 } }] })).toEqual(['emu', 'kea']);
    expect(await names({ $and: [{ name: { $like: 'k%' } }, { weight: { $gt: 1000 } }] })).toEqual(['kakapo']);
    expect(await names({ $not: [{ name: 'emu' }] })).toEqual(['kakapo', 'kea']);
    expect(await names({ name: { $in: ['emu', 'kea', 'dodo'] } })).toEqual(['emu', 'kea']);
    const green = { $any: { $expr: [{ c: { $in: 'colours' } }], $satisfies: { c: 'green' } } };
    expect(await names(green)).toEqual(['kakapo', 'kea']);
    expect(await names({}, { sort: { weight: 'DESC' }, limit: 1, skip: 1 })).toEqual(['kakapo']);
    expect(await Bird.count({ weight: { $gt: 1000 } }, { consistency } as never)).toBe(2);
  });

  test('finds one, and fails where there is none', async () => {
    expect(await Bird.findOne({ name: 'emu' }, { consistency })).toMatchObject({ weight: 40_000 });
    await expect(Bird.findOne({ name: 'dodo' }, { consistency })).rejects.toThrow();
  });

  test('populates references', async () => {
    const { rows } = await Bird.find({ name: 'kea' }, { populate: '*', consistency });
    expect(rows).toMatchObject([{ name: 'kea', order: { name: 'parrots' } }]);
    const unpopulated = await Bird.findOne({ name: 'kea' }, { consistency });
    expect(typeof unpopulated.order).toBe('string');
  });

  test('finds documents by indexes of statements and of documents', async () => {
    const found = await Bird['findByName']('kakapo', { consistency });
    expect(found.rows).toMatchObject([{ weight: 1500 }]);
    expect(await Bird['findRefName']('kea')).toMatchObject({ weight: 900 });
  });

  test('changes and removes many', async () => {
    await Bird.createMany([
      { name: 'finch 1', weight: 10 },
      { name: 'finch 2', weight: 12 },
    ]);
    const finches = { name: { $like: 'finch%' } };
    const changed = await Bird.updateMany(finches, { weight: 11 }, { consistency } as never);
    expect(changed.message).toMatchObject({ success: 2, match_number: 2 });
    expect(await names({ weight: 11 })).toEqual(['finch 1', 'finch 2']);
    const removed = await Bird.removeMany(finches, { consistency });
    expect(removed.message).toMatchObject({ success: 2 });
    expect(await names(finches)).toEqual([]);
  });
});

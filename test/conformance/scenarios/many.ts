import { type Scenario, scenario } from '../scenario.js';

const COUNT = 500;

export const many: readonly Scenario[] = [
  scenario('many documents are stored, read and removed at once', [], async ({ documents }) => {
    const values = new Map(Array.from({ length: COUNT }, (_none, n) => [`many:${n}`, { n, text: 'x'.repeat(n) }]));
    const keys = [...values.keys()];
    const stored = await documents.upsertMany(values);
    expect([...stored.keys()]).toEqual(keys);
    const found = await documents.getMany(keys);
    for (const [key, value] of values) {
      expect(found.get(key)).toMatchObject({ value, cas: (stored.get(key) as { cas: bigint }).cas });
    }
    await documents.removeMany(keys);
    expect(new Set((await documents.getMany(keys)).values())).toEqual(new Set(['missing']));
  }),
  scenario('some of many may fail', [], async ({ documents }) => {
    await documents.upsertMany(new Map([['some:1', 1]]));
    const found = await documents.getMany(['some:0', 'some:1', 'some:2']);
    expect([...found]).toEqual([
      ['some:0', 'missing'],
      ['some:1', expect.objectContaining({ value: 1 })],
      ['some:2', 'missing'],
    ]);
  }),
  scenario('what is missing need not be a failure', ['quiet'], async ({ documents }) => {
    await documents.upsert('quiet', 1);
    expect([await documents.getQuietly('quiet'), await documents.getQuietly('quiet:none')]).toEqual([1, undefined]);
  }),
  scenario('calls of different kinds go in one pipeline, in their order', ['pipelines'], async ({ documents }) => {
    const values = new Map(Array.from({ length: 50 }, (_none, n) => [`pipeline:${n}`, { n }]));
    expect(await documents.storeAndRead(values)).toEqual([...values.values()]);
  }),
  scenario('items remember which version they know', ['items'], async ({ documents }) => {
    const items = documents.items(
      new Map([
        ['item:a', 1],
        ['item:b', 2],
      ]),
    );
    await items.store();
    const changed = await documents.upsert('item:b', 'changed');
    items.set('item:a', 10);
    items.set('item:b', 20);
    expect([...(await items.store())]).toEqual([
      ['item:a', expect.objectContaining({ cas: expect.any(BigInt) })],
      ['item:b', 'exists'],
    ]);
    await items.load();
    expect([items.value('item:a'), items.value('item:b')]).toEqual([10, 'changed']);
    expect((await documents.get('item:b')).cas).toBe(changed.cas);
  }),
  scenario('a large value does not hold up others for good', [], async ({ documents }) => {
    const large = 'y'.repeat(900_000);
    const values = new Map<string, unknown>(Array.from({ length: 16 }, (_none, n) => [`large:${n}`, large]));
    await Promise.all([documents.upsertMany(values), documents.upsert('small', 1)]);
    const found = await documents.getMany([...values.keys(), 'small']);
    expect([...found.values()].map((read) => (read as { value: unknown }).value === large)).toEqual([
      ...Array.from({ length: 16 }, () => true),
      false,
    ]);
  }),
];

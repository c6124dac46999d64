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

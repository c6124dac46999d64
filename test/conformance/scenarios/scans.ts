import { type Scenario, scenario } from '../scenario.js';

const KEYS = Array.from({ length: 60 }, (_none, n) => `scan:${String(n).padStart(2, '0')}`);

export const scans: readonly Scenario[] = [
  scenario('a range of keys is scanned', ['scans'], async ({ documents }) => {
    const stored = await documents.upsertMany(new Map(KEYS.map((key, n) => [key, { n }])));
    expect(stored.size).toBe(KEYS.length);
    const found = await documents.scan({ type: 'range', from: 'scan:10', to: 'scan:19' });
    expect(found.sort((a, b) => (a.key < b.key ? -1 : 1))).toEqual(
      KEYS.slice(10, 20).map((key, index) => ({ key, value: { n: index + 10 } })),
    );
    const open = await documents.scan(
      { type: 'range', from: 'scan:50', to: 'scan:59', excludeTo: true },
      { keysOnly: true },
    );
    expect(open.map(({ key }) => key).sort()).toEqual(KEYS.slice(50, 59));
  }),
  scenario('all keys with a prefix are scanned', ['scans'], async ({ documents }) => {
    await documents.upsertMany(new Map([...KEYS, 'scar', 'scan'].map((key) => [key, 1])));
    const found = await documents.scan({ type: 'prefix', prefix: 'scan:' }, { keysOnly: true });
    expect(found.map(({ key }) => key).sort()).toEqual(KEYS);
    expect(await documents.scan({ type: 'prefix', prefix: 'nothing' })).toEqual([]);
  }),
  scenario('a sample has no more documents than asked for', ['scans'], async ({ documents }) => {
    await documents.upsertMany(new Map(KEYS.map((key) => [key, 1])));
    const found = await documents.scan({ type: 'sampling', limit: 10 });
    expect(found).toHaveLength(10);
    expect(new Set(found.map(({ key }) => key)).size).toBe(10);
  }),
];

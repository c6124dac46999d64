import { type Scenario, scenario } from '../scenario.js';

const KEYS = Array.from({ length: 100 }, (_none, n) => `node:${n}`);

export const nodes: readonly Scenario[] = [
  scenario('every node answers a ping, and has a connection', ['durability'], async ({ driver, documents, nodes }) => {
    // Connections are made when they are needed.
    await documents.upsertMany(new Map(KEYS.map((key) => [key, 1])));
    const pinged = await driver.ping();
    expect(
      pinged
        .filter(({ ok }) => ok)
        .map(({ node }) => node)
        .sort(),
    ).toEqual([...nodes].sort());
    const connected = (await driver.diagnostics()).filter(({ ok }) => ok).map(({ node }) => node);
    expect(new Set(connected)).toEqual(new Set(nodes));
  }),
  scenario('every node has statistics', ['statistics'], async ({ driver, documents, nodes }) => {
    await documents.upsertMany(new Map(KEYS.map((key) => [key, 1])));
    const stats = await driver.stats();
    expect(Object.keys(stats['curr_items'] ?? {}).sort()).toEqual([...nodes].sort());
    const items = Object.values(stats['curr_items'] ?? {}).reduce<number>((sum, count) => sum + Number(count), 0);
    expect(items).toBeGreaterThanOrEqual(KEYS.length);
  }),
  scenario('a random key is that of a document', ['randomDocuments'], async ({ driver, documents }) => {
    await documents.upsert('random', 1);
    const found = await documents.getMany([await driver.randomKey()]);
    expect([...found.values()]).toEqual([expect.objectContaining({ cas: expect.any(BigInt) })]);
  }),
];

import { failure } from '../driver.js';
import { type Scenario, scenario } from '../scenario.js';

export const copies: readonly Scenario[] = [
  scenario('a durable write is there for all when it is done', ['durability'], async ({ documents }) => {
    for (const durability of ['majority', 'majorityAndPersistToActive', 'persistToMajority'] as const) {
      const { cas } = await documents.upsert('durable', durability, { durability });
      expect(await documents.get('durable')).toMatchObject({ value: durability, cas });
    }
    const replaced = await documents.replace('durable', 'replaced', { durability: 'majority' });
    await documents.remove('durable', { durability: 'majority', cas: replaced.cas });
    await documents.insert('durable', { n: 1 }, { durability: 'majority' });
    await documents.mutateIn('durable', [{ op: 'counter', path: 'n', value: 1 }], { durability: 'majority' });
    expect((await documents.get('durable')).value).toEqual({ n: 2 });
  }),
  scenario('a write waits until nodes have persisted it', ['observing'], async ({ driver, documents }) => {
    await documents.upsert('observed', 1, { persistTo: 1 });
    expect((await driver.observe('observed')).persisted).toBeGreaterThan(0);
  }),
  scenario('a write waits until replicas have it', ['observing', 'replicas'], async ({ driver, documents }) => {
    await documents.upsert('observed:replicas', 1, { persistTo: 2, replicateTo: 1 });
    expect(await driver.observe('observed:replicas')).toEqual({ persisted: 2, replicated: 1 });
  }),
  scenario(
    'more copies than there are cannot be asked for, and nothing is stored',
    ['observing'],
    async ({ driver, documents }) => {
      const refused = await failure(driver, documents.upsert('impossible', 1, { replicateTo: 3 }));
      expect(['bad argument', 'durability impossible']).toContain(refused);
      expect(await failure(driver, documents.get('impossible'))).toBe('missing');
    },
  ),
  scenario('a document can be read from its copies', ['replicas'], async ({ driver, documents }) => {
    const { cas } = await documents.upsert('copy', { a: 1 }, { durability: 'majority' });
    expect(await documents.getAnyReplica('copy')).toMatchObject({ value: { a: 1 }, cas });
    const all = await documents.getAllReplicas('copy');
    expect(all.map(({ isReplica }) => isReplica).sort()).toEqual([false, true]);
    for (const copy of all) expect(copy).toMatchObject({ value: { a: 1 }, cas });
    expect(await failure(driver, documents.getAnyReplica('copy:none'))).toBe('missing');
  }),
  scenario(
    'parts of a document can be read from its copies',
    ['replicas', 'subdocument'],
    async ({ driver, documents }) => {
      await documents.upsert('copy:parts', { a: [1, 2] }, { durability: 'majority' });
      const lookups = [
        { op: 'get', path: 'a[0]' },
        { op: 'count', path: 'a' },
        { op: 'get', path: 'none' },
      ] as const;
      const found = [{ value: 1 }, { value: 2 }, { failure: 'path missing' }];
      expect((await documents.lookupInAnyReplica('copy:parts', lookups)).found).toEqual(found);
      const all = await documents.lookupInAllReplicas('copy:parts', lookups);
      expect(all.map(({ isReplica }) => isReplica).sort()).toEqual([false, true]);
      for (const copy of all) expect(copy.found).toEqual(found);
      expect(await failure(driver, documents.lookupInAnyReplica('copy:none', lookups))).toBe('missing');
    },
  ),
];

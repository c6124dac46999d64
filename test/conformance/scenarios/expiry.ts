import { failure } from '../driver.js';
import { type Scenario, type Setting, scenario } from '../scenario.js';

/** Whether the document lives for about so many seconds from now, as the server counts them. */
async function expectToLive({ documents }: Setting, key: string, seconds: number): Promise<void> {
  await documents.upsert('expiry:now', 1, { ttl: 1000 });
  const now = (await documents.expiry('expiry:now')) - 1000;
  expect(Math.abs((await documents.expiry(key)) - now - seconds)).toBeLessThanOrEqual(1);
}

export const expiry: readonly Scenario[] = [
  scenario('a document is gone when its time is over', [], async ({ driver, documents, lifetime, pass }) => {
    const ttl = lifetime;
    const ways: Readonly<Record<string, () => Promise<unknown>>> = {
      upsert: () => documents.upsert('expiry:upsert', 1, { ttl }),
      insert: () => documents.insert('expiry:insert', 1, { ttl }),
      replace: async () => {
        await documents.upsert('expiry:replace', 1);
        await documents.replace('expiry:replace', 1, { ttl });
      },
      touch: async () => {
        await documents.upsert('expiry:touch', 1);
        await documents.touch('expiry:touch', ttl);
      },
      getAndTouch: async () => {
        await documents.upsert('expiry:getAndTouch', 1, { ttl: 1000 });
        expect((await documents.getAndTouch('expiry:getAndTouch', ttl)).value).toBe(1);
      },
      counter: () => documents.counter('expiry:counter', { delta: 1, initial: 1, ttl }),
    };
    await documents.upsert('expiry:stays', 1, { ttl });
    await documents.touch('expiry:stays', 0);
    for (const way of Object.values(ways)) await way();
    await pass(lifetime + 1);
    for (const way of Object.keys(ways)) {
      expect([way, await failure(driver, documents.get(`expiry:${way}`))]).toEqual([way, 'missing']);
    }
    expect((await documents.get('expiry:stays')).value).toBe(1);
    await documents.insert('expiry:upsert', 2);
  }),
  scenario('the expiry can be read, changed and removed', ['expiryTimes'], async (setting) => {
    const { documents } = setting;
    await documents.upsert('expiry', 1, { ttl: 100 });
    await expectToLive(setting, 'expiry', 100);
    await documents.touch('expiry', 200);
    await expectToLive(setting, 'expiry', 200);
    expect((await documents.getAndTouch('expiry', 300)).value).toBe(1);
    await expectToLive(setting, 'expiry', 300);
    await documents.upsert('expiry', 2);
    expect(await documents.expiry('expiry')).toBe(0);
  }),
  scenario('a write keeps the expiry when it is told to', ['expiryTimes'], async (setting) => {
    const { documents } = setting;
    await documents.upsert('expiry:kept', 1, { ttl: 100 });
    await documents.upsert('expiry:kept', 2, { preserveExpiry: true });
    await expectToLive(setting, 'expiry:kept', 100);
    await documents.replace('expiry:kept', 3, { preserveExpiry: true });
    await expectToLive(setting, 'expiry:kept', 100);
    await documents.replace('expiry:kept', 4);
    expect(await documents.expiry('expiry:kept')).toBe(0);
  }),
  scenario('appending and counting leave the expiry as it is', ['expiryTimes'], async (setting) => {
    const { documents } = setting;
    await documents.upsert('expiry:text', 'a', { ttl: 100 });
    await documents.append('expiry:text', 'b');
    await expectToLive(setting, 'expiry:text', 100);
    await documents.counter('expiry:count', { delta: 1, initial: 1, ttl: 100 });
    await documents.counter('expiry:count', { delta: 1 });
    await expectToLive(setting, 'expiry:count', 100);
  }),
];

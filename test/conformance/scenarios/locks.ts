import { failure } from '../driver.js';
import { type Scenario, scenario } from '../scenario.js';

/** Milliseconds for what clients try again until their time is over. */
const timeout = 200;

export const locks: readonly Scenario[] = [
  scenario(
    'a lock keeps others from changing the document, not from reading it',
    ['locks'],
    async ({ driver, documents }) => {
      const { cas } = await documents.upsert('lock', 1);
      const locked = await documents.lock('lock', 15);
      expect(locked.value).toBe(1);
      expect(locked.cas).not.toBe(cas);
      expect((await documents.get('lock')).value).toBe(1);
      // One after the other: operations on one key wait for each other.
      expect(await failure(driver, documents.upsert('lock', 2, { timeout }))).toBe('locked');
      expect(await failure(driver, documents.remove('lock', { timeout }))).toBe('locked');
      expect(await failure(driver, documents.lock('lock', 15, { timeout }))).toBe('locked');
      expect((await documents.get('lock')).value).toBe(1);
    },
  ),
  scenario('a lock ends when it is given back', ['locks'], async ({ driver, documents }) => {
    await documents.upsert('lock:back', 1);
    const { cas } = await documents.lock('lock:back', 15);
    await documents.unlock('lock:back', cas);
    await documents.upsert('lock:back', 2);
    // Servers up to 7.2 call it a temporary failure that there is no lock.
    expect(await failure(driver, documents.unlock('lock:back', cas, { timeout }))).toBe('temporary');
  }),
  scenario('a lock ends with a change by its holder', ['locks'], async ({ documents }) => {
    await documents.upsert('lock:change', 1);
    const { cas } = await documents.lock('lock:change', 15);
    await documents.replace('lock:change', 2, { cas });
    await documents.upsert('lock:change', 3);
    expect((await documents.get('lock:change')).value).toBe(3);
  }),
  scenario('a lock ends with its time', ['locks'], async ({ documents, pass }) => {
    await documents.upsert('lock:time', 1);
    await documents.lock('lock:time', 15);
    await pass(16);
    await documents.upsert('lock:time', 2);
    expect((await documents.get('lock:time')).value).toBe(2);
  }),
  scenario('what is missing can neither be locked nor unlocked', ['locks'], async ({ driver, documents }) => {
    expect(await failure(driver, documents.lock('lock:none', 15))).toBe('missing');
    expect(await failure(driver, documents.unlock('lock:none', 1n))).toBe('missing');
  }),
];

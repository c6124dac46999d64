import { failure } from '../driver.js';
import { type Scenario, scenario } from '../scenario.js';

export const writes: readonly Scenario[] = [
  scenario('what is not there is missing', [], async ({ driver, documents }) => {
    expect(await failure(driver, documents.get('none'))).toBe('missing');
    expect(await failure(driver, documents.replace('none', 1))).toBe('missing');
    expect(await failure(driver, documents.remove('none'))).toBe('missing');
    expect(await failure(driver, documents.touch('none', 100))).toBe('missing');
    expect(await failure(driver, documents.getAndTouch('none', 100))).toBe('missing');
    expect(await failure(driver, documents.append('none', 'x'))).toBe('missing');
    expect(await failure(driver, documents.prepend('none', 'x'))).toBe('missing');
    expect(await failure(driver, documents.counter('none', { delta: 1 }))).toBe('missing');
  }),
  scenario('insert stores once', [], async ({ driver, documents }) => {
    const { cas } = await documents.insert('insert', 1);
    expect(await failure(driver, documents.insert('insert', 2))).toBe('exists');
    expect(await documents.get('insert')).toMatchObject({ value: 1, cas });
  }),
  scenario('upsert stores in any case, each time with a new CAS', [], async ({ documents }) => {
    const first = await documents.upsert('upsert', 1);
    const second = await documents.upsert('upsert', 2);
    expect(first.cas).toBeGreaterThan(0n);
    expect(second.cas).not.toBe(first.cas);
    expect(await documents.get('upsert')).toMatchObject({ value: 2, cas: second.cas });
  }),
  scenario('a write with a CAS happens only while that is the CAS', [], async ({ driver, documents }) => {
    const first = await documents.upsert('cas', 1);
    const second = await documents.replace('cas', 2, { cas: first.cas });
    expect(await failure(driver, documents.replace('cas', 3, { cas: first.cas }))).toBe('exists');
    expect(await failure(driver, documents.upsert('cas', 3, { cas: first.cas }))).toBe('exists');
    expect(await failure(driver, documents.remove('cas', { cas: first.cas }))).toBe('exists');
    expect(await documents.get('cas')).toMatchObject({ value: 2, cas: second.cas });
    await documents.remove('cas', { cas: second.cas });
    expect(await failure(driver, documents.get('cas'))).toBe('missing');
    expect(await failure(driver, documents.replace('cas', 4, { cas: second.cas }))).toBe('missing');
  }),
  scenario('of writers with the same CAS one wins', [], async ({ driver, documents }) => {
    const { cas } = await documents.upsert('race', 'start');
    const writers = Array.from({ length: 8 }, (_none, writer) =>
      documents.replace('race', writer, { cas }).then(() => 'won', driver.failureOf),
    );
    const outcomes = await Promise.all(writers);
    expect(outcomes.filter((outcome) => outcome === 'won')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'exists')).toHaveLength(7);
    expect((await documents.get('race')).value).toBe(outcomes.indexOf('won'));
  }),
  scenario('a removed document can be stored again', [], async ({ driver, documents }) => {
    await documents.upsert('remove', 1);
    await documents.remove('remove');
    expect(await failure(driver, documents.get('remove'))).toBe('missing');
    expect(await failure(driver, documents.remove('remove'))).toBe('missing');
    await documents.insert('remove', 2);
    expect((await documents.get('remove')).value).toBe(2);
  }),
  scenario('appended and prepended text is in its place', [], async ({ driver, documents }) => {
    const { cas } = await documents.upsert('concat', 'b');
    const appended = await documents.append('concat', 'c', { cas });
    expect(appended.cas).not.toBe(cas);
    expect(await failure(driver, documents.append('concat', 'x', { cas }))).toBe('exists');
    expect(await failure(driver, documents.prepend('concat', 'x', { cas }))).toBe('exists');
    await documents.prepend('concat', 'a', { cas: appended.cas });
    expect((await documents.get('concat')).value).toBe('abc');
    await documents.upsert('concat', Buffer.from([1]));
    await documents.append('concat', Buffer.from([255]));
    expect((await documents.get('concat')).value).toEqual(Buffer.from([1, 255]));
  }),
  scenario('large text stays whole when more is appended', [], async ({ documents }) => {
    const text = 'compressible '.repeat(1000);
    await documents.upsert('concat:large', text);
    await documents.append('concat:large', text);
    expect((await documents.get('concat:large')).value).toBe(text + text);
  }),
  scenario('exists tells without reading', ['presence'], async ({ documents }) => {
    expect((await documents.exists('exists')).exists).toBe(false);
    const { cas } = await documents.upsert('exists', 1);
    expect(await documents.exists('exists')).toMatchObject({ exists: true, cas });
    await documents.remove('exists');
    expect((await documents.exists('exists')).exists).toBe(false);
  }),
  scenario('a mutation tells where it stands in the history', ['mutationTokens'], async ({ documents }) => {
    const stored = [
      await documents.upsert('token', 'a'),
      await documents.replace('token', 'b'),
      await documents.append('token', 'c'),
      await documents.remove('token'),
      await documents.counter('token', { delta: 1, initial: 1 }),
    ];
    expect(stored.map(({ hasToken }) => hasToken)).toEqual([true, true, true, true, true]);
  }),
];

import { randomBytes } from 'node:crypto';
import { failure } from '../driver.js';
import { type Scenario, scenario } from '../scenario.js';

const VALUES: Readonly<Record<string, unknown>> = {
  object: { a: { b: [1, { c: null }] }, '': true, ключ: '値' },
  array: [[], [[]], {}],
  null: null,
  false: false,
  zero: 0,
  fraction: -1.5e-300,
  'safe integer': Number.MAX_SAFE_INTEGER,
  text: 'grüße, \u0000 and "quotes" \u2028 𝄞',
  'empty text': '',
  'text like JSON': '{"a":1}',
  'no bytes': Buffer.alloc(0),
  bytes: Buffer.from(Array.from({ length: 256 }, (_none, n) => n)),
};

/** Not to be compressed. */
const TOO_LARGE = randomBytes(20 * 1024 * 1024 + 1);

export const values: readonly Scenario[] = [
  ...Object.entries(VALUES).map(([kind, value]) =>
    scenario(`${kind} is read as it was stored`, [], async ({ documents }) => {
      const { cas } = await documents.upsert(`value:${kind}`, value);
      expect(await documents.get(`value:${kind}`)).toMatchObject({ value, cas });
    }),
  ),
  scenario('a large value is read as it was stored', [], async ({ documents }) => {
    const text = 'ein grüner Zweig 🌿 '.repeat(20_000);
    await documents.upsert('value:large', { text });
    expect((await documents.get('value:large')).value).toEqual({ text });
  }),
  scenario('keys of every kind name documents of their own', [], async ({ documents }) => {
    const keys = ['k', 'ключ', '🔑', 'a/c?d#e', '"', 'x'.repeat(246)];
    await Promise.all(keys.map((key, index) => documents.insert(key, index)));
    const found = await Promise.all(keys.map((key) => documents.get(key)));
    expect(found.map(({ value }) => value)).toEqual([...keys.keys()]);
  }),
  scenario('a value over the limit is refused, and nothing is stored', ['sizeLimit'], async ({ driver, documents }) => {
    expect(await failure(driver, documents.upsert('value:too large', TOO_LARGE))).toBe('too big');
    expect(await failure(driver, documents.get('value:too large'))).toBe('missing');
  }),
];

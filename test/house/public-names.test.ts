import { PublicNames } from './public-names.js';
import { packageNames } from './repository.js';

/** Types that are met and cannot be imported, by package; the numbers may only fall. */
const unnameableMax: Readonly<Record<string, number>> = { protocol: 3, raw: 10, views: 8, promise: 16 };

/** Names and members that have no text, by package; the numbers may only fall. */
const undocumentedMax: Readonly<Record<string, number>> = { raw: 1, views: 16, promise: 17, embedded: 4 };

const names = new PublicNames();

test.each(packageNames)('types that users of %s meet can be imported', (name) => {
  const found = names.unnameable(name);
  expect({ count: found.length, found }).toEqual({ count: unnameableMax[name] ?? 0, found });
});

test.each(packageNames)('public names of %s, and of their members, have their text', (name) => {
  const found = names.undocumented(name);
  expect({ count: found.length, found }).toEqual({ count: undocumentedMax[name] ?? 0, found });
});

test('every field of an error has its text', () => {
  const errors = names.undocumented('protocol').filter((name) => /(Error|Failure)\./.test(name));
  expect(errors).toEqual([]);
});

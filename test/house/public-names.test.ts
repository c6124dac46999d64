import { PublicNames } from './public-names.js';
import { packageNames } from './repository.js';

const names = new PublicNames();

test.each(packageNames)('types that users of %s meet can be imported', (name) => {
  expect(names.unnameable(name)).toEqual([]);
});

test.each(packageNames)('public names of %s, and of their members, have their text', (name) => {
  expect(names.undocumented(name)).toEqual([]);
});

test('every field of an error has its text', () => {
  const errors = names.undocumented('protocol').filter((name) => /(Error|Failure)\./.test(name));
  expect(errors).toEqual([]);
});

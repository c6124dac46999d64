import { Bucket } from '@cb/promise';
import { readText } from '../house/repository.js';

const guide = readText('docs/guides/key-value.md');

/** Queries are for other guides; the rest is for the language and for subclasses. */
const ELSEWHERE = /query|^(constructor|promise)$/i;

/** The methods of a bucket, its own and inherited ones, by their first spelling. */
function methods(): string[] {
  const names = new Set<string>();
  for (let type = Bucket.prototype as object; type !== Object.prototype; type = Object.getPrototypeOf(type)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(type))) {
      if (typeof value === 'function' && !name.includes('_') && !ELSEWHERE.test(name)) names.add(name);
    }
  }
  return [...names].sort();
}

test.each(methods())('the guide tells of %s', (name) => {
  expect(guide).toMatch(new RegExp(`\\b${name}\\b`));
});

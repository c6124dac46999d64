import * as promise from '@cb/promise';
import * as protocol from '@cb/protocol';
import { readText } from './repository.js';

type ErrorClass = typeof protocol.CouchbaseError;

const categories: readonly ErrorClass[] = [
  protocol.CouchbaseNetworkError,
  protocol.CouchbaseInputError,
  protocol.CouchbaseTransientError,
  protocol.CouchbaseFatalError,
  protocol.CouchbaseDataError,
  protocol.CouchbaseInternalError,
];

const causes = Object.values(protocol as Readonly<Record<string, unknown>>)
  .filter((exported): exported is ErrorClass => typeof exported === 'function' && exported.prototype instanceof Error)
  .filter((errorClass) => errorClass !== protocol.CouchbaseError && !categories.includes(errorClass));

const guide = readText('docs/guides/errors.md');

test('there are error classes to look at', () => {
  expect(causes.length).toBeGreaterThan(50);
});

test.each(categories)('$name is explained', ({ name }) => {
  expect(guide).toContain(`| \`${name}\` | `);
});

test.each(causes)('$name is in the guide with its code and categories', (errorClass) => {
  const error = new errorClass('example');
  const kinds = categories.filter((category) => error instanceof category);
  const kindNames = kinds.map(({ name }) => name.replace(/^Couchbase|Error$/g, ''));
  const { name, code, retryable } = errorClass;
  expect(guide).toContain(`| \`${name}\` | \`${code}\` | ${kindNames.join(', ')} | ${retryable ? 'yes' : ''} | `);
});

test('an application finds every class next to connect', () => {
  const exported = Object.values(promise);
  const missing = [protocol.CouchbaseError, ...categories, ...causes].filter((one) => !exported.includes(one as never));
  expect(missing.map(({ name }) => name)).toEqual([]);
});

test('no two classes share a code', () => {
  const codes = causes.map(({ code }) => code);
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
});

test('the guide knows no class that does not exist', () => {
  const named = [...guide.matchAll(/^\| `(\w+)` \| `\w+` \|/gm)].map((match) => match[1]);
  expect(named.filter((name) => !causes.some((existing) => existing.name === name))).toEqual([]);
});

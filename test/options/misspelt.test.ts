import { EmbeddedCluster } from '@cb/embedded';
import { ArgumentError, Bucket, ViewQuery } from '@cb/promise';

const bucket = new Bucket('couchbase://127.0.0.1:1/default');
const { raw } = bucket;
afterAll(() => bucket.destroy());

/** Calls with an option that there is not, and the one that was meant. */
const cases: readonly [call: string, attempt: (options: never) => unknown, given: string, meant: string][] = [
  ['a bucket', (options) => new Bucket('couchbase://127.0.0.1:1/default', options), 'usrname', 'username'],
  [
    'a bucket',
    (options) => new Bucket('couchbase://127.0.0.1:1/default', options),
    'connect_timeout',
    'connectTimeout',
  ],
  ['get', (options) => raw.get('k', options), 'time_out', 'timeout'],
  ['upsert', (options) => raw.upsert('k', 1, options), 'persist_to', 'persistTo'],
  ['upsert', (options) => raw.upsert('k', 1, options), 'expiry', 'ttl'],
  ['upsert', (options) => raw.upsert('k', 1, options), 'durabilityLevel', 'durability'],
  ['replace', (options) => raw.replace('k', 1, options), 'preserve_expiry', 'preserveExpiry'],
  ['remove', (options) => raw.remove('k', options), 'quite', 'quiet'],
  ['counter', (options) => raw.counter('k', options), 'detla', 'delta'],
  ['lock', (options) => raw.lock('k', options), 'lockTime', 'ttl'],
  ['getMulti', (options) => raw.getMulti(['k'], options), 'Quiet', 'quiet'],
  ['lookupIn', (options) => raw.lookupIn('k', [], options), 'singal', 'signal'],
  ['mutateIn', (options) => raw.mutateIn('k', [], options), 'upsert_doc', 'upsertDoc'],
  ['mapAdd', (options) => raw.mapAdd('k', 'm', 1, options), 'craete', 'create'],
  ['endure', (options) => raw.endure('k', options), 'check_removed', 'checkRemoved'],
  ['a view query', (options) => new ViewQuery(options), 'start_key', 'startkey'],
  ['a view query', (options) => new ViewQuery(options), 'limmit', 'limit'],
  ['an embedded cluster', (options) => EmbeddedCluster.start(options), 'persistenceLag', 'persistenceLagMs'],
];

test.each(cases)('%s, with a misspelt option', async (_call, attempt, given, meant) => {
  const misspelt = async (): Promise<unknown> => attempt({ [given]: 1 } as never);
  await expect(misspelt()).rejects.toThrow(ArgumentError);
  await expect(misspelt()).rejects.toThrow(JSON.stringify(given));
  await expect(misspelt()).rejects.toThrow(`did you mean ${meant}?`);
});

test('nothing is guessed for an option that resembles none', () => {
  expect(() => raw.get('k', { zebra: 1 } as never)).toThrow(/no option "zebra"; it takes [\w, ]+$/);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { EmbeddedCluster } from '@cb/embedded';
import { AsyncViewBase, type Bucket, type BucketOptions, connect, N1QLRequest, View } from '@cb/promise';
import { RawBucket } from '@cb/raw';
import { servicesOf } from '@cb/raw/internal';
import { trailsTo } from './walker.js';

const USER = 'clerk';
const PASSWORD = 'correct horse/battery:staple';
const FIXTURES = join(__dirname, '../../packages/raw/test/fixtures');
const cert = readFileSync(join(FIXTURES, 'localhost-cert.pem'), 'utf8');
const key = readFileSync(join(FIXTURES, 'localhost-key.pem'), 'utf8');

/** What must not be found: the ways in which the password may be written down, and the client's key. */
const SECRETS = [
  PASSWORD,
  encodeURIComponent(PASSWORD),
  Buffer.from(PASSWORD).toString('hex'),
  ...[PASSWORD, `${USER}:${PASSWORD}`].map((text) => Buffer.from(text).toString('base64').replace(/=+$/, '')),
  'PRIVATE KEY',
  key.split('\n')[3]!,
];

class Handler extends AsyncViewBase {
  onRows(): void {}
  onError(): void {}
  onDone(): void {}
}

let cluster: EmbeddedCluster;
let spec: string;
let options: BucketOptions;
let bucket: Bucket;

beforeAll(async () => {
  const clerk = { password: PASSWORD, roles: ['admin'] };
  const users = { Administrator: { password: 'password', roles: ['admin'] }, [USER]: clerk };
  cluster = await EmbeddedCluster.start({ tls: true, users });
  spec = `${cluster.secureConnectionString}/default`;
  options = { username: USER, password: PASSWORD, tls: { ca: cluster.certificate!, cert, key } };
  bucket = await connect(spec, options);
  await bucket.designDocuments.upsert('d', { views: { v: { map: 'function (doc, meta) { emit(meta.id); }' } } });
  await bucket.upsert('k', { a: 1 });
});

afterAll(async () => {
  await bucket.close();
  await cluster.stop();
});

/** What an attempt fails with. */
async function failure(attempt: () => unknown): Promise<unknown> {
  try {
    await attempt();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

/** What an application can get hold of, by what it is. */
const reachable: Readonly<Record<string, () => unknown>> = {
  'the cluster': () => cluster,
  'the users of the cluster': () => cluster.users,
  'a node of the cluster': () => cluster.members[0],
  'a bucket of the cluster': () => cluster.bucket('default'),
  'a bucket': () => bucket,
  'a raw bucket': () => bucket.raw,
  'its services': () => servicesOf(bucket.raw),
  'its settings': () => servicesOf(bucket.raw).settings,
  'a raw bucket that is not connected': () => new RawBucket(spec, options),
  'a collection': () => bucket.collection('c'),
  'a raw collection': () => bucket.raw.collection('c'),
  'a scope': () => bucket.scope('s'),
  'a raw scope': () => bucket.raw.scope('s'),
  'the cluster map': () => bucket.clusterMap,
  'a handler of rows': () => bucket.queryEx(Handler, 'd', 'v'),
  'rows for a loop': () => new View(bucket.raw, 'd', 'v'),
  'all rows': () => bucket.queryAll('d', 'v', { stale: false }),
  'a statement': () => new N1QLRequest(bucket.raw, 'SELECT 1'),
  'the design documents': () => bucket.designDocuments,
  'a result': () => bucket.get('k'),
  'an operation under way': () => {
    const result = bucket.raw.get('k');
    result.setCallbacks(
      () => {},
      () => {},
    );
    return result;
  },
  'the results of many': () => bucket.getMulti(['k', 'l'], { quiet: true }),
  'the report of diagnostics': () => bucket.diagnostics(),
  'the report of a ping': () => bucket.ping(),
};

/** What errors there are that have to do with credentials, and some that have not. */
const failures: Readonly<Record<string, () => unknown>> = {
  'a missing document': () => bucket.get('missing'),
  'a missing view': () => bucket.queryAll('d', 'missing'),
  'a wrong password': () => connect(spec, { ...options, password: `${PASSWORD}!` }),
  'a wrong password, without TLS': () =>
    connect(`${cluster.connectionString}/default`, { username: USER, password: `${PASSWORD}!` }),
  'a missing bucket': () => connect(`${cluster.secureConnectionString}/other`, options),
  'nobody at the port': () => connect('couchbases://127.0.0.1:1/default', options),
  'a certificate that is not trusted': () => connect(spec, { username: USER, password: PASSWORD }),
  'a password in the connection string': () =>
    connect(`couchbases://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1/default`, options),
  'the same without the host': () => connect(`couchbases://${USER}:${PASSWORD}`, options),
  'a password in the place of the options': () => connect(spec, PASSWORD as never),
  'a password as an option of the string': () => connect(`${spec}?${PASSWORD}=1`, options),
  'a password as the value of an unknown option': () => connect(`${spec}?pw=${PASSWORD}`, options),
  'a password without a name': () => connect(`${spec}?${PASSWORD}`, options),
  'a key in the place of the TLS options': () => connect(spec, { ...options, tls: key as never }),
  'a misspelt option': () => connect(spec, { username: USER, pasword: PASSWORD } as never),
  'a password without a user': () => connect(spec, { password: PASSWORD }),
  'a password for plain memcached': () => connect('memcached://127.0.0.1', { username: USER, password: PASSWORD }),
  'a user of the cluster who is not an object': () => EmbeddedCluster.start({ users: { bob: PASSWORD as never } }),
  'a user of the cluster with a misspelt option': () =>
    EmbeddedCluster.start({ users: { bob: { pasword: PASSWORD } as never } }),
};

const DEEP = { depth: null, showHidden: true, getters: true, maxArrayLength: 1000 } as const;

/** How jest shows it when an expectation fails. */
function printedByJest(value: unknown): string {
  try {
    expect({ value, other: 1 }).toEqual({ value: undefined, other: 2 });
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the expectation held');
}

function expectSilence(value: unknown): void {
  expect(trailsTo(value, SECRETS)).toEqual([]);
  const texts = [
    inspect(value, DEEP),
    inspect(value, { ...DEEP, customInspect: false }),
    printedByJest(value),
    String((value as { stack?: unknown })?.stack),
  ];
  for (const text of texts) expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([]);
}

test('the search finds what is hidden somewhere', () => {
  class Hidden {
    readonly #deep = { 'x y': new Map([[1, [{ [Symbol('s')]: Buffer.from(`a ${PASSWORD}`) }]]]) };
    get deep(): object {
      return this.#deep;
    }
  }
  expect(trailsTo(Object.create({}, { it: { value: new Hidden() } }), SECRETS)).toEqual([
    'it.it.deep.x y.get(1).0.Symbol(s)',
  ]);
  expect(trailsTo(new Hidden(), ['something else'])).toEqual([]);
});

test.each(Object.keys(reachable))('no password and no key is to be found in %s', async (name) => {
  const value = await reachable[name]!();
  expectSilence(value);
});

test.each(Object.keys(failures))('no password and no key is to be found in the error of %s', async (name) => {
  expectSilence(await failure(failures[name]!));
});

test.each(['a bucket', 'a raw bucket', 'a collection', 'a scope', 'a handler of rows', 'all rows', 'its settings'])(
  'a logger can write %s',
  async (name) => {
    const text = JSON.stringify(await reachable[name]!());
    expect(text.length).toBeLessThan(2000);
    expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([]);
  },
);

test('what a console shows says which bucket it is', () => {
  const nodes = inspect(bucket.serverNodes);
  expect(inspect(bucket, { breakLength: 200 })).toBe(
    `Bucket { bucket: 'default', state: 'connected', serverNodes: ${nodes} }`,
  );
  expect(inspect(bucket.collection('c'))).toBe("Collection { bucket: 'default', scope: '_default', collection: 'c' }");
  expect(inspect(bucket.raw.scope('s'))).toBe("RawScope { bucket: 'default', scope: 's' }");
});

import { EmbeddedCluster } from '../../src/index.js';
import { encodeXattrs } from '../../src/store/xattr.js';
import { QueryClient } from './query-client.js';

let cluster: EmbeddedCluster;
let client: QueryClient;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({
    buckets: ['b'],
    users: {
      Administrator: { password: 'password', roles: ['admin'] },
      reader: { password: 'password', roles: ['query_select[b]'] },
    },
  });
  client = new QueryClient(cluster);
  cluster.bucket('b').put('plain', {});
});

afterAll(() => cluster.stop());

/** Returns the stored attributes of a document, by the names that it is asked for. */
const stored = (id: string) => cluster.bucket('b').peek(id)?.xattrs;

test('attributes are written with a document, read by name, and kept when it changes', async () => {
  const options = '{"xattrs": {"shop": {"n": 1}, "_sync": [2]}}';
  await client.rows(`INSERT INTO b (KEY, VALUE, OPTIONS) VALUES ("a", {"x": 1}, ${options})`);
  await client.rows('UPDATE b USE KEYS "a" SET x = 2');
  expect(stored('a')).toEqual(
    encodeXattrs([
      { key: 'shop', value: Buffer.from('{"n":1}') },
      { key: '_sync', value: Buffer.from('[2]') },
    ]),
  );
  const read =
    'SELECT META(b).xattrs.shop.n, META(b).xattrs._sync AS s, META(b).xattrs.none AS none FROM b USE KEYS "a"';
  expect(await client.rows(read)).toEqual([{ n: 1, s: [2] }]);
  expect(await client.rows('SELECT RAW META(b).id FROM b WHERE META(b).xattrs.shop.n = 1')).toEqual(['a']);
});

test('one attribute is written, and the others stay', async () => {
  await client.rows('UPSERT INTO b (KEY, VALUE, OPTIONS) VALUES ("m", 1, {"xattrs": {"p": 1, "q": 2}})');
  await client.rows('UPSERT INTO b (KEY, VALUE, OPTIONS) VALUES ("m", 1, {"xattrs": {"q": 3}})');
  expect(await client.rows('SELECT META(b).xattrs.p, META(b).xattrs.q FROM b USE KEYS "m"')).toEqual([{ p: 1, q: 3 }]);
});

test('META as a whole has no attributes, and a document without them none', async () => {
  const [meta] = await client.rows('SELECT RAW META(b) FROM b USE KEYS "m"');
  expect(meta).not.toHaveProperty('xattrs');
  expect(await client.rows('SELECT META(b).xattrs.p FROM b USE KEYS "plain"')).toEqual([{}]);
});

test('attributes of the system are for those that may see them', async () => {
  const read = 'SELECT META(b).xattrs._sync AS s, META(b).xattrs.shop.n FROM b USE KEYS "a"';
  expect(await client.rows(read, { user: 'reader' })).toEqual([{ n: 1 }]);
});

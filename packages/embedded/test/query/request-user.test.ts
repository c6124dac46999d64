import { EmbeddedCluster } from '../../src/index.js';
import { HttpClient } from '../http/http-client.js';

let cluster: EmbeddedCluster;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({
    buckets: ['b'],
    users: {
      Administrator: { password: 'password', roles: ['admin'] },
      reader: { password: 'secret', roles: ['query_select[b]'] },
    },
  });
});

afterAll(() => cluster.stop());

const READER = { user: 'local:reader', pass: 'secret' };

test.each([
  ['the user of creds', undefined, [READER], 200, undefined],
  ['the same user twice', 'reader:secret', [READER], 200, undefined],
  ['no user', undefined, [], 401, 13014],
  ['a wrong password', undefined, [{ ...READER, pass: 'wrong' }], 401, 13014],
  ['two users', 'Administrator:password', [READER], 400, 1020],
  ['what is not a list', undefined, READER, 400, 1070],
  ['what has no password', undefined, [{ user: 'reader' }], 400, 1070],
])('a request with %s', async (_what, credentials, creds, status, code) => {
  const client = new HttpClient(cluster.nodes[0]!.ports.n1ql, credentials);
  const answer = await client.postText('/query/service', JSON.stringify({ statement: 'SELECT 1 FROM b', creds }));
  expect([answer.status, answer.json.errors?.[0].code]).toEqual([status, code]);
});

import { get } from 'node:http';
import { EmbeddedCluster } from '../../src/cluster/cluster.js';
import { foreignReason } from '../../src/http/request-guard.js';

const served = (isAnywhere: boolean) => ({ isAnywhere, has: (name: string) => name === 'db.internal' });
const reason = (headers: Record<string, string>, isAnywhere = false) => foreignReason(headers, served(isAnywhere));

test.each([
  ...['localhost', 'localhost:8091', 'LOCALHOST:8091', 'app.localhost:1', '127.0.0.1', '10.1.2.3:8091', '[::1]:8091'],
  ...['db.internal', 'DB.internal:8091', 'db.internal.:8091'],
])('a request for the host %s is served', (host) => {
  expect(reason({ host })).toBeUndefined();
  expect(reason({ host, origin: `http://${host}`.toLowerCase(), 'sec-fetch-site': 'same-origin' })).toBeUndefined();
});

test.each([
  'evil.example',
  'evil.example:8091',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'db.internal.evil',
  '',
])('a request for the host %j is not', (host) => expect(reason({ host })).toMatch(/^the Host of the request/));

test('a client that sends no host is not a browser', () => expect(reason({})).toBeUndefined());

test.each(['cross-site', 'same-site', 'anything'])('a request from a site that is %s is not served', (site) => {
  expect(reason({ host: 'localhost', 'sec-fetch-site': site })).toMatch(/another site/);
});

test.each(['http://evil.example', 'http://localhost:3000', 'null', ''])(
  'a request from the origin %j is not served',
  (origin) => {
    expect(reason({ host: 'localhost:8091', origin })).toMatch(/another origin/);
  },
);

test('where a node listens at every address, any name is served, but none to a browser', () => {
  expect(reason({ host: 'couchbase:8091' }, true)).toBeUndefined();
  const rebound = { host: 'evil.example:8091', 'sec-fetch-site': 'same-origin' };
  expect(reason(rebound, true)).toMatch(/^the Host/);
  expect(reason({ host: 'evil.example:8091', origin: 'http://evil.example:8091' }, true)).toMatch(/^the Host/);
  expect(reason({ host: '192.168.1.5:8091', 'sec-fetch-site': 'same-origin' }, true)).toBeUndefined();
});

describe('on every port', () => {
  let cluster: EmbeddedCluster;

  beforeAll(async () => {
    cluster = await EmbeddedCluster.start();
  });

  afterAll(() => cluster.stop());

  const status = (port: number, headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const auth = `${cluster.username}:${cluster.password}`;
      get({ port, host: '127.0.0.1', path: '/', auth, headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });

  test.each(['mgmt', 'capi'] as const)('%s', async (service) => {
    const port = cluster.nodes[0]!.ports[service];
    expect(await status(port, {})).toBe(200);
    expect(await status(port, { host: 'evil.example' })).toBe(403);
    expect(await status(port, { origin: 'http://evil.example' })).toBe(403);
    expect(await status(port, { 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await status(port, { 'sec-fetch-site': 'none' })).toBe(200);
    cluster.setAlternateAddress(0, { hostname: 'Outside.example' });
    expect(await status(port, { host: 'outside.example' })).toBe(200);
    cluster.setAlternateAddress(0, undefined);
    expect(await status(port, { host: 'outside.example' })).toBe(403);
  });
});

import { ClusterMap } from '@cb/protocol';
import { bucketConfig, clusterConfig, hostPort, type NodeEntry } from '../../src/config/cluster-config.js';

const NODES: NodeEntry[] = [
  { hostname: '127.0.0.1', isUnnamed: false, ports: { kv: 1, mgmt: 2, capi: 3, n1ql: 7 }, uuid: 'a' },
  { hostname: '::1', isUnnamed: false, ports: { kv: 4, mgmt: 5, capi: 6, n1ql: 8 }, uuid: 'b' },
];
const VERSION = { epoch: 1n, revision: 7n };
const BUCKET = {
  name: 'a b',
  uuid: 'u',
  replicas: 1,
  manifestUid: 'ff',
  vbucketMap: [
    [0, 1],
    [1, 0],
  ],
  capabilities: ['durableWrite'],
};

test('a client reads the configuration of a bucket', () => {
  const { json } = bucketConfig(VERSION, NODES, 1, BUCKET);
  const map = ClusterMap.parse(json, '127.0.0.1');
  expect([map.activeOf(0), map.activeOf(1), map.replicasOf(0)]).toEqual([0, 1, [1]]);
  expect(map.nodes).toHaveLength(2);
});

test('the fields are those that servers send', () => {
  const config = JSON.parse(bucketConfig(VERSION, NODES, 1, BUCKET).json.toString());
  expect(config).toMatchObject({
    rev: 7,
    revEpoch: 1,
    name: 'a b',
    collectionsManifestUid: 'ff',
    bucketCapabilities: ['durableWrite'],
    uri: '/pools/default/buckets/a%20b?bucket_uuid=u',
    nodesExt: [
      { hostname: '127.0.0.1', services: { kv: 1, mgmt: 2, capi: 3, n1ql: 7 } },
      { hostname: '::1', thisNode: true },
    ],
    nodes: [{ hostname: '127.0.0.1:2', ports: { direct: 1 } }, { hostname: '[::1]:5' }],
    vBucketServerMap: { hashAlgorithm: 'CRC', numReplicas: 1, serverList: ['127.0.0.1:1', '[::1]:4'] },
  });
  expect(config.nodesExt[0]).not.toHaveProperty('thisNode');
});

test('ports with TLS are told where there are any', () => {
  const secure = {
    ...NODES[0]!,
    ports: { kv: 1, mgmt: 2, capi: 3, n1ql: 7, kvSSL: 11, mgmtSSL: 12, capiSSL: 13, n1qlSSL: 14 },
  };
  const { json } = bucketConfig(VERSION, [secure, NODES[1]!], 0, BUCKET);
  const map = ClusterMap.parse(json, '127.0.0.1');
  expect(map.nodes.map(({ tls }) => tls)).toEqual([{ kv: 11, mgmt: 12, views: 13, query: 14 }, {}]);
  const { nodes } = JSON.parse(json.toString());
  expect(nodes[0].couchApiBaseHTTPS).toBe('https://127.0.0.1:13/a%20b%2Bu');
  expect(nodes[1]).not.toHaveProperty('couchApiBaseHTTPS');
});

test('a node without a name is where the client came from', () => {
  const unnamed = NODES.map((node) => ({ ...node, isUnnamed: true }));
  for (const { json } of [bucketConfig(VERSION, unnamed, 0, BUCKET), clusterConfig(VERSION, unnamed, 0)]) {
    const config = JSON.parse(json.toString());
    for (const node of config.nodesExt) expect(node).not.toHaveProperty('hostname');
    expect(json.toString()).not.toMatch(/127\.0\.0\.1|::1/);
  }
  const map = ClusterMap.parse(bucketConfig(VERSION, unnamed, 0, BUCKET).json, 'db.internal');
  expect(map.nodes.map(({ hostname }) => hostname)).toEqual(['db.internal', 'db.internal']);
  expect(JSON.parse(bucketConfig(VERSION, unnamed, 0, BUCKET).json.toString()).vBucketServerMap.serverList).toEqual([
    '$HOST:1',
    '$HOST:4',
  ]);
});

test('the configuration of the cluster has no bucket', () => {
  const config = JSON.parse(clusterConfig(VERSION, NODES, 0).json.toString());
  expect(config).toMatchObject({ rev: 7, revEpoch: 1 });
  expect(config).not.toHaveProperty('name');
  expect(config.nodesExt).toHaveLength(2);
});

test('IPv6 addresses get brackets before a port', () => {
  expect([hostPort('h', 1), hostPort('::1', 2)]).toEqual(['h:1', '[::1]:2']);
});

import fc from 'fast-check';
import { ClusterMap, NO_NODE } from '../src/cluster-map.js';
import { serviceAddress } from '../src/cluster-node.js';
import { ProtocolError } from '../src/errors/client-errors.js';

/** Three nodes with the fields as a 7.x server sends them; the third carries no data for the bucket. */
function config(): Record<string, unknown> {
  return {
    rev: 12,
    revEpoch: 2,
    name: 'beer',
    uuid: 'd0c2f2b0a1b24c3d8e9f001122334455',
    nodeLocator: 'vbucket',
    bucketCapabilities: ['collections', 'durableWrite'],
    clusterCapabilities: { n1ql: ['enhancedPreparedStatements'], search: ['vectorSearch'] },
    collectionsManifestUid: '1f',
    nodes: [{ hostname: '$HOST:8091' }, { hostname: 'two:8091' }],
    nodesExt: [
      { services: { mgmt: 8091, mgmtSSL: 18091, kv: 11210, kvSSL: 11207, capi: 8092, capiSSL: 18092 }, thisNode: true },
      {
        hostname: 'two',
        services: { kv: 11310, capi: 8192 },
        serverGroup: 'Group 1',
        nodeUUID: 'ab12',
        alternateAddresses: {
          external: { hostname: 'two.example.com', ports: { kv: 30001 } },
          vpn: { hostname: '[fd00::2]' },
        },
      },
      { hostname: '$HOST', services: { n1ql: 8093, fts: 8094, cbas: 8095, eventingAdminPort: 8096, kv: 11210 } },
    ],
    vBucketServerMap: {
      hashAlgorithm: 'CRC',
      numReplicas: 1,
      serverList: ['$HOST:11210', 'two:11310'],
      vBucketMap: [
        [0, 1],
        [1, -1],
        [-1, 0],
      ],
      vBucketMapForward: [[1, 0], [1, 0], [-1]],
    },
  };
}

function parse(value: unknown, reachedBy = '10.0.0.1'): ClusterMap {
  return ClusterMap.parse(JSON.stringify(value), reachedBy);
}

/** The configuration with other values at some paths, as `nodesExt.1.services.kv`. */
function changed(values: Record<string, unknown>): Record<string, unknown> {
  const copy = config();
  for (const [path, value] of Object.entries(values)) {
    const names = path.split('.');
    const last = names.pop()!;
    const parent = names.reduce((at, name) => at[name] as Record<string, unknown>, copy);
    parent[last] = value;
  }
  return copy;
}

describe('a bucket configuration', () => {
  const map = parse(config());

  test('tells revision, bucket and capabilities', () => {
    expect(map).toMatchObject({
      rev: 12,
      revEpoch: 2,
      bucket: 'beer',
      bucketUuid: 'd0c2f2b0a1b24c3d8e9f001122334455',
      nodeLocator: 'vbucket',
      numReplicas: 1,
      vbuckets: 3,
      collectionsManifestUid: 0x1fn,
      hasForwardMap: true,
    });
    expect([...map.bucketCapabilities]).toEqual(['collections', 'durableWrite']);
    expect(map.clusterCapabilities.get('search')?.has('vectorSearch')).toBe(true);
  });

  test('places the copies of every vbucket', () => {
    expect([0, 1, 2].map((vbucket) => map.activeOf(vbucket))).toEqual([0, 1, NO_NODE]);
    expect([0, 1, 2].map((vbucket) => map.replicaOf(vbucket, 0))).toEqual([1, NO_NODE, 0]);
    expect([0, 1, 2].map((vbucket) => map.replicasOf(vbucket))).toEqual([[1], [], [0]]);
    expect([0, 1, 2].map((vbucket) => map.forwardActiveOf(vbucket))).toEqual([1, 1, NO_NODE]);
  });

  test('has no copy where there is no such vbucket or replica', () => {
    expect([-1, 3, 1024].map((vbucket) => map.activeOf(vbucket))).toEqual([NO_NODE, NO_NODE, NO_NODE]);
    expect(map.replicaOf(0, 1)).toBe(NO_NODE);
    expect(map.replicasOf(99)).toEqual([]);
  });

  test('only the nodes that line up with serverList carry the bucket', () => {
    expect(map.nodes).toHaveLength(3);
    expect(map.kvNodes.map((node) => node.index)).toEqual([0, 1]);
  });

  test('knows each service of each node, by network and with or without TLS', () => {
    const [one, two, three] = map.nodes as [never, never, never];
    expect(serviceAddress(one, 'kv')).toEqual({ hostname: '10.0.0.1', port: 11210 });
    expect(serviceAddress(one, 'kv', true)).toEqual({ hostname: '10.0.0.1', port: 11207 });
    expect(serviceAddress(one, 'views', true)).toEqual({ hostname: '10.0.0.1', port: 18092 });
    expect(serviceAddress(one, 'query')).toBeUndefined();
    expect(serviceAddress(two, 'kv', true)).toBeUndefined();
    expect(serviceAddress(three, 'query')).toEqual({ hostname: '10.0.0.1', port: 8093 });
    expect(serviceAddress(three, 'search')?.port).toBe(8094);
    expect(serviceAddress(three, 'analytics')?.port).toBe(8095);
    expect(serviceAddress(three, 'eventing')?.port).toBe(8096);
  });

  test('an alternate address offers its own ports only, or without any those of the node', () => {
    const two = map.nodes[1]!;
    expect(serviceAddress(two, 'kv', false, 'external')).toEqual({ hostname: 'two.example.com', port: 30001 });
    expect(serviceAddress(two, 'views', false, 'external')).toBeUndefined();
    expect(serviceAddress(two, 'views', false, 'vpn')).toEqual({ hostname: 'fd00::2', port: 8192 });
    expect(serviceAddress(two, 'kv', false, 'nowhere')).toBeUndefined();
  });

  test('tells the rest about a node', () => {
    expect(map.nodes[0]).toMatchObject({ thisNode: true, serverGroup: undefined, uuid: undefined });
    expect(map.nodes[1]).toMatchObject({ thisNode: false, serverGroup: 'Group 1', uuid: 'ab12' });
  });

  test('cannot be changed', () => {
    expect(Object.isFrozen(map.nodes)).toBe(true);
    expect(map.nodes.every((node) => Object.isFrozen(node) && Object.isFrozen(node.plain))).toBe(true);
  });
});

describe('what may be missing', () => {
  test('nearly everything', () => {
    const map = parse({ nodesExt: [{ services: { kv: 11210 } }], vBucketServerMap: { vBucketMap: [[0]] } });
    expect(map).toMatchObject({ rev: 0, revEpoch: 0, bucket: undefined, numReplicas: 0, vbuckets: 1 });
    expect(map.activeOf(0)).toBe(0);
    expect(serviceAddress(map.nodes[0]!, 'kv')).toEqual({ hostname: '10.0.0.1', port: 11210 });
    expect(map.forwardActiveOf(0)).toBe(NO_NODE);
  });

  test('the vbuckets, while the bucket is being set up', () => {
    expect(
      parse(changed({ 'vBucketServerMap.vBucketMap': [], 'vBucketServerMap.vBucketMapForward': [] })),
    ).toMatchObject({
      vbuckets: 0,
      hasForwardMap: false,
      numReplicas: 1,
    });
  });

  test('the bucket, in the configuration of the cluster: all nodes that offer KV count', () => {
    const map = parse({ rev: 1, nodesExt: [{ services: { mgmt: 8091 } }, { services: { kvSSL: 11207 } }] });
    expect(map).toMatchObject({ bucket: undefined, nodeLocator: undefined, vbuckets: 0 });
    expect(map.kvNodes.map((node) => node.index)).toEqual([1]);
  });

  test('nodesExt: nodes tell ports enough', () => {
    const map = parse({
      nodes: [
        {
          hostname: '$HOST:9000',
          couchApiBase: 'http://$HOST:9500/default%2Bab',
          ports: { direct: 12000 },
          thisNode: true,
        },
      ],
      vBucketServerMap: { serverList: ['$HOST:12000'], vBucketMap: [[0]] },
    });
    expect(map.nodes[0]).toMatchObject({
      hostname: '10.0.0.1',
      thisNode: true,
      plain: { kv: 12000, mgmt: 9000, views: 9500 },
      tls: {},
    });
  });

  test('nodesExt and nodes: the server list tells KV', () => {
    const map = parse({ vBucketServerMap: { serverList: ['[::1]:12000', 'two:12002'], vBucketMap: [[1, 0]] } });
    expect(map.nodes.map((node) => serviceAddress(node, 'kv'))).toEqual([
      { hostname: '::1', port: 12000 },
      { hostname: 'two', port: 12002 },
    ]);
  });
});

test('an IPv6 address by which a node was reached loses its brackets', () => {
  expect(parse(config(), '[::1]').nodes[0]?.hostname).toBe('::1');
});

test.each([1, 48, 64, 128, 1024])('a bucket may have %d vbuckets', (vbuckets) => {
  const vBucketMap = Array.from({ length: vbuckets }, (_, vbucket) => [vbucket % 2, (vbucket + 1) % 2]);
  const map = parse(
    changed({ 'vBucketServerMap.vBucketMap': vBucketMap, 'vBucketServerMap.vBucketMapForward': undefined }),
  );
  expect(map.vbuckets).toBe(vbuckets);
  expect(
    vBucketMap.every(
      ([active, replica], vbucket) => map.activeOf(vbucket) === active && map.replicaOf(vbucket, 0) === replica,
    ),
  ).toBe(true);
});

test('rows may differ in length while the number of replicas changes', () => {
  const map = parse(changed({ 'vBucketServerMap.vBucketMap': [[0], [1, 0], []] }));
  expect([0, 1, 2].map((vbucket) => [map.activeOf(vbucket), map.replicaOf(vbucket, 0)])).toEqual([
    [0, NO_NODE],
    [1, 0],
    [NO_NODE, NO_NODE],
  ]);
});

describe('isNewerThan', () => {
  const at = (revEpoch: number | undefined, rev: number) => parse({ nodesExt: [{ services: {} }], revEpoch, rev });

  test('compares the epoch first, then the revision', () => {
    expect(at(1, 5).isNewerThan(at(1, 4))).toBe(true);
    expect(at(1, 5).isNewerThan(at(1, 5))).toBe(false);
    expect(at(1, 4).isNewerThan(at(1, 5))).toBe(false);
    expect(at(2, 1).isNewerThan(at(1, 900))).toBe(true);
    expect(at(1, 900).isNewerThan(at(2, 1))).toBe(false);
  });

  test('a missing epoch is 0, and anything is newer than nothing', () => {
    expect(at(1, 1).isNewerThan(at(undefined, 900))).toBe(true);
    expect(at(undefined, 1).isNewerThan(undefined)).toBe(true);
  });
});

describe('is refused with a ProtocolError that says what is wrong:', () => {
  const cases: [string, unknown, string][] = [
    ['no object', [], 'the cluster configuration must be an object, but is []'],
    ['no nodes', {}, 'names no nodes'],
    ['empty nodesExt', { nodesExt: [] }, 'names no nodes'],
    ['nodesExt of another type', { nodesExt: {} }, 'nodesExt must be an array, but is {}'],
    ['a node that is not an object', { nodesExt: [7] }, 'nodesExt[0] must be an object, but is 7'],
    ['a node without services', { nodesExt: [{}] }, 'nodesExt[0].services must be an object, but is absent'],
    [
      'a port in text',
      changed({ 'nodesExt.1.services.kv': '11210' }),
      'nodesExt[1].services.kv must be an integer from 1 to 65535',
    ],
    ['a port out of range', changed({ 'nodesExt.1.services.kv': 70000 }), 'but is 70000'],
    ['a host name that is not text', changed({ 'nodesExt.1.hostname': 5 }), 'nodesExt[1].hostname must be a string'],
    ['thisNode in text', changed({ 'nodesExt.0.thisNode': 'yes' }), 'nodesExt[0].thisNode must be a boolean'],
    [
      'an alternate address without host',
      changed({ 'nodesExt.1.alternateAddresses.external': {} }),
      'alternateAddresses.external.hostname',
    ],
    ['a negative rev', changed({ rev: -1 }), 'rev must be an integer from 0'],
    ['a rev that is not an integer', changed({ rev: 1.5 }), 'rev must be an integer from 0'],
    ['revEpoch in text', changed({ revEpoch: '1' }), 'revEpoch must be an integer'],
    ['a numeric manifest uid', changed({ collectionsManifestUid: 31 }), 'collectionsManifestUid must be a string'],
    ['a manifest uid that is not hex', changed({ collectionsManifestUid: '0xg' }), 'up to 16 hex digits, but is "0xg"'],
    [
      'capabilities of another type',
      changed({ bucketCapabilities: ['x', 1] }),
      'bucketCapabilities[1] must be a string',
    ],
    [
      'cluster capabilities of another type',
      changed({ 'clusterCapabilities.n1ql': 'x' }),
      'clusterCapabilities.n1ql must be an array',
    ],
    [
      'a vbucket on a node beyond the list',
      changed({ 'vBucketServerMap.vBucketMap.1': [2] }),
      'vBucketMap[1][0] must be an integer from -1 to 1, but is 2',
    ],
    ['a vbucket that is not a list', changed({ 'vBucketServerMap.vBucketMap.2': 0 }), 'vBucketMap[2] must be an array'],
    ['a vbucket map of another type', changed({ 'vBucketServerMap.vBucketMap': {} }), 'vBucketMap must be an array'],
    [
      'a forward map of another size',
      changed({ 'vBucketServerMap.vBucketMapForward': [[0]] }),
      'different numbers of vbuckets',
    ],
    [
      'a server list longer than nodesExt',
      changed({ 'vBucketServerMap.serverList': ['a:1', 'b:1', 'c:1', 'd:1'] }),
      'serverList has 4 nodes, but nodesExt only 3',
    ],
    [
      'nodes longer than nodesExt',
      { nodes: [{}, {}], nodesExt: [{ services: {} }] },
      'nodes has 2 nodes, but nodesExt only 1',
    ],
    [
      'more vbuckets than any server has',
      changed({ 'vBucketServerMap.vBucketMap': Array.from({ length: 65_537 }, () => []) }),
      'vBucketServerMap.vBucketMap has 65537 vbuckets; 65536 are the limit',
    ],
    [
      'more copies than any server has',
      changed({ 'vBucketServerMap.vBucketMap.1': [0, 1, 0, 1, 0] }),
      'vBucketServerMap.vBucketMap[1] has 5 copies; 4 are the limit',
    ],
    [
      'as much in the forward map',
      changed({ 'vBucketServerMap.vBucketMapForward': [new Array(100_000).fill(0), [], []] }),
      'vBucketServerMap.vBucketMapForward[0] has 100000 copies; 4 are the limit',
    ],
    [
      'more nodes than a client should connect to',
      { nodesExt: Array.from({ length: 1025 }, () => ({ services: { kv: 1 } })) },
      'has 1025 nodes; 1024 are the limit',
    ],
    [
      'as many in the server list',
      { vBucketServerMap: { serverList: Array.from({ length: 20_000 }, (_none, at) => `10.0.0.1:${at + 1}`) } },
      'has 20000 nodes; 1024 are the limit',
    ],
    ['more bytes than that takes', { padding: 'x'.repeat(8 * 1024 * 1024) }, 'bytes; 8388608 are the limit'],
    ['a broken host:port', { vBucketServerMap: { serverList: ['a:b:c'] } }, 'must be host:port, but is "a:b:c"'],
  ];

  test.each(cases)('%s', (_, value, reason) => {
    expect(() => parse(value)).toThrow(ProtocolError);
    expect(() => parse(value)).toThrow(reason);
  });

  test.each(['nodesExt', 'rev', 'vBucketServerMap'])('%s nested deeper than the stack goes', (field) => {
    const deep = '['.repeat(300_000) + ']'.repeat(300_000);
    const json = `{"nodesExt":[{"services":{"kv":1}}],"${field}":${field === 'nodesExt' ? `{"a":${deep}}` : deep}}`;
    expect(() => ClusterMap.parse(json, 'h')).toThrow(ProtocolError);
    expect(() => ClusterMap.parse(json, 'h')).toThrow(`${field} must be`);
  });

  test('JSON that is cut off anywhere', () => {
    const json = Buffer.from(JSON.stringify(config()));
    for (let end = 0; end < json.length; end++) {
      expect(() => ClusterMap.parse(json.subarray(0, end), 'h')).toThrow(ProtocolError);
    }
    expect(ClusterMap.parse(json, 'h').vbuckets).toBe(3);
  });
});

test('any JSON either is a map or a ProtocolError', () => {
  const fields = fc.record(
    {
      rev: fc.jsonValue(),
      nodes: fc.jsonValue(),
      nodesExt: fc.array(
        fc.record({ services: fc.jsonValue(), hostname: fc.jsonValue(), alternateAddresses: fc.jsonValue() }),
      ),
      vBucketServerMap: fc.record({ vBucketMap: fc.jsonValue(), serverList: fc.jsonValue() }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fields), (value) => {
      try {
        return parse(value).nodes.length > 0;
      } catch (error) {
        return error instanceof ProtocolError;
      }
    }),
  );
});

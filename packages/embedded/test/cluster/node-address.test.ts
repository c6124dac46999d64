import { clusterPlan } from '../../src/cluster/cluster-options.js';
import { connectionStringOf, hostnameOf, portsOf } from '../../src/cluster/node-address.js';

test.each([
  ['random', 3, false, { kv: 0, mgmt: 0, capi: 0, n1ql: 0 }],
  ['default', 0, false, { kv: 11210, mgmt: 8091, capi: 8092, n1ql: 8093 }],
  [
    'default',
    1,
    true,
    { kv: 11220, mgmt: 8101, capi: 8102, n1ql: 8103, kvSSL: 11217, mgmtSSL: 18101, capiSSL: 18102, n1qlSSL: 18103 },
  ],
  [9000, 1, false, { kv: 9004, mgmt: 9005, capi: 9006, n1ql: 9007 }],
  [
    9000,
    1,
    true,
    { kv: 9008, mgmt: 9009, capi: 9010, n1ql: 9011, kvSSL: 9012, mgmtSSL: 9013, capiSSL: 9014, n1qlSSL: 9015 },
  ],
] as const)('ports %p, node %i, TLS %p: %j', (option, index, tls, expected) =>
  expect(portsOf(clusterPlan({ ports: option, tls }), index)).toEqual(expected),
);

test('this machine finds a node at an address that it can connect to', () => {
  const names = ['0.0.0.0', '::', '::1', 'localhost'].map(hostnameOf);
  expect(names).toEqual(['127.0.0.1', '127.0.0.1', '::1', 'localhost']);
});

test('connection strings have every node, with its KV port', () => {
  const nodes = ['localhost', '::1'].map((hostname) => ({
    hostname,
    isUnnamed: false,
    ports: { kv: 1, mgmt: 2, capi: 3, n1ql: 5, kvSSL: 4 },
    uuid: '',
  }));
  expect(connectionStringOf('couchbase', nodes)).toBe('couchbase://localhost:1,[::1]:1');
  expect(connectionStringOf('couchbases', nodes)).toBe('couchbases://localhost:4,[::1]:4');
});

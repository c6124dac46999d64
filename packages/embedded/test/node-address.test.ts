import { clusterPlan } from '../src/cluster-options.js';
import { hostnameOf, portsOf } from '../src/node-address.js';

test.each([
  [{}, 3, { kv: 0, mgmt: 0, capi: 0 }],
  [{ ports: 'default' }, 0, { kv: 11210, mgmt: 8091, capi: 8092 }],
  [
    { ports: 'default', tls: true },
    1,
    { kv: 11220, mgmt: 8101, capi: 8102, kvSSL: 11217, mgmtSSL: 18101, capiSSL: 18102 },
  ],
  [{ ports: 9000 }, 1, { kv: 9003, mgmt: 9004, capi: 9005 }],
  [{ ports: 9000, tls: true }, 1, { kv: 9006, mgmt: 9007, capi: 9008, kvSSL: 9009, mgmtSSL: 9010, capiSSL: 9011 }],
] as const)('with %j node %i listens at %j', (options, index, ports) =>
  expect(portsOf(clusterPlan(options), index)).toEqual(ports),
);

test('clients are told an address that they can connect to', () => {
  const names = ['0.0.0.0', '::', '::1', 'localhost'].map((host) => hostnameOf(clusterPlan({ host })));
  expect(names).toEqual(['127.0.0.1', '127.0.0.1', '::1', 'localhost']);
});

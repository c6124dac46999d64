import { ArgumentError } from '@cb/protocol';
import { type ClusterOptions, clusterPlan } from '../../src/cluster/cluster-options.js';
import { FEATURES } from '../../src/config/features.js';

test('everything has a default', () => {
  const plan = clusterPlan({});
  expect(plan).toMatchObject({ nodes: 1, replicas: 0, vbuckets: 64, ports: 'random', host: '127.0.0.1' });
  expect(plan.buckets.map(({ name, settings }) => [name, settings.vbuckets, settings.type])).toEqual([
    ['default', 64, 'couchbase'],
  ]);
  expect(Object.keys(plan.secrets.users)).toEqual(['Administrator']);
  expect(plan.features).toEqual(new Set(FEATURES));
});

test('with more than one node there is a replica', () => {
  expect(clusterPlan({ nodes: 3 }).replicas).toBe(1);
  expect(clusterPlan({ nodes: 3, replicas: 2 }).buckets[0]!.settings.replicas).toBe(2);
});

test('buckets are a name, names, or options by name', () => {
  const names = (buckets: ClusterOptions['buckets']): string[] =>
    clusterPlan(buckets === undefined ? {} : { buckets }).buckets.map(({ name }) => name);
  expect(names('one')).toEqual(['one']);
  expect(names(['one', 'two'])).toEqual(['one', 'two']);
  expect(names({ one: {}, two: { replicas: 1 } })).toEqual(['one', 'two']);
  expect(names([])).toEqual([]);
});

test.each<[ClusterOptions, RegExp]>([
  [{ node: 3 } as ClusterOptions, /no option "node"; known are nodes,/],
  [null as unknown as ClusterOptions, /options must be an object/],
  [{ nodes: 0 }, /nodes must be an integer from 1 to 64, not 0/],
  [{ replicas: 4 }, /replicas must be an integer from 0 to 3/],
  [{ queries: { indexLag: 1 } as object }, /queries has no option "indexLag".*did you mean indexLagMs/],
  [{ queries: { indexLagMs: -1 } }, /queries.indexLagMs must be a number of milliseconds/],
  [{ queries: { indexLagMs: Number.POSITIVE_INFINITY } }, /queries.indexLagMs must be a finite number/],
  [{ queries: { indexRequired: 1 as unknown as boolean } }, /queries.indexRequired must be true or false, not 1/],
  [{ vbuckets: 1.5 }, /vbuckets must be an integer/],
  [{ ports: 'some' as 'random' }, /ports must be 'random', 'default' or a number/],
  [{ ports: 70_000 }, /ports must be an integer from 1 to 65000/],
  [{ buckets: 'a b' }, /"a b" is not a bucket name/],
  [{ buckets: { b: { size: 1 } as object } }, /buckets.b has no option "size"/],
  [{ buckets: { b: { type: 'disk' as 'couchbase' } } }, /buckets.b.type must be one of couchbase, ephemeral/],
  [{ buckets: { b: { maxTtl: -1 } } }, /buckets.b.maxTtl must be an integer/],
  [{ users: {} }, /users must have at least one user/],
  [{ users: { u: { pass: 'x' } as never } }, /users.u has no option "pass"/],
  [{ anonymous: 'nobody' }, /there is no user "nobody"/],
  [{ features: [0x09] }, /0x9 is not served/],
  [{ tls: 'yes' as never }, /tls must be true or false, not "yes"/],
  [{ tls: true, network: {} as never }, /tls needs sockets/],
  [{ replicationLagMs: -1 }, /replicationLagMs must be a number of milliseconds/],
  [{ persistenceLagMs: Number.NaN }, /persistenceLagMs must be a number/],
  [{ scramIterations: 0 }, /scramIterations must be an integer/],
])('%j is refused', (options, message) => {
  expect(() => clusterPlan(options)).toThrow(ArgumentError);
  expect(() => clusterPlan(options)).toThrow(message);
});

test('a lag may be infinite', () => {
  expect(clusterPlan({ persistenceLagMs: Number.POSITIVE_INFINITY }).persistenceLagMs).toBe(Number.POSITIVE_INFINITY);
});

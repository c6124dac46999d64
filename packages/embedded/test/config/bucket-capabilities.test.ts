import { Feature } from '@cb/protocol';
import { bucketCapabilities } from '../../src/config/bucket-capabilities.js';
import { kindOf } from '../../src/config/bucket-settings.js';

const COUCHSTORE = { type: 'couchbase', storageBackend: 'couchstore' } as const;

test.each([
  [Feature.SubdocReplicaRead, 'subdoc.ReplicaRead'],
  [Feature.SubdocBinaryXattr, 'subdoc.BinaryXattr'],
  [Feature.SubdocAllowReplicaReadOnDeletedDocs, 'subdoc.AccessDeleted'],
] as const)('the feature %j brings the capability %s', (feature, capability) => {
  expect(bucketCapabilities(COUCHSTORE, new Set())).not.toContain(capability);
  expect(bucketCapabilities(COUCHSTORE, new Set([feature]))).toContain(capability);
});

test('views are there with couchstore only, and history with magma only', () => {
  const of = (type: 'couchbase' | 'ephemeral', asked: 'couchstore' | 'magma'): string[] =>
    bucketCapabilities({ type, ...kindOf(type, asked) }, new Set());
  expect(of('couchbase', 'couchstore')).toEqual(expect.arrayContaining(['couchapi', 'durableWrite', 'collections']));
  expect(of('couchbase', 'couchstore')).not.toContain('nonDedupedHistory');
  expect(of('couchbase', 'magma')).toContain('nonDedupedHistory');
  expect(of('couchbase', 'magma')).not.toContain('couchapi');
  expect(of('ephemeral', 'couchstore')).toContain('durableWrite');
  expect(of('ephemeral', 'couchstore')).not.toContain('couchapi');
});

test('a memcached bucket has none of what needs vbuckets', () => {
  const memcached = { type: 'memcached', storageBackend: 'undefined' } as const;
  expect(bucketCapabilities(memcached, new Set([Feature.SubdocReplicaRead]))).toEqual(['cbhello', 'nodesExt']);
});

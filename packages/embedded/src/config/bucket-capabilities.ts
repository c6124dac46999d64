import { Feature } from '@cb/protocol';
import type { BucketSettings } from './bucket-settings.js';

/** Of every bucket but one of the type `memcached`. */
const BUCKET_CAPABILITIES = [
  'collections',
  'durableWrite',
  'tombstonedUserXAttrs',
  'subdoc.ReplaceBodyWithXattr',
  'subdoc.DocumentMacroSupport',
  'subdoc.ReviveDocument',
  'preserveExpiry',
  'touch',
  'cccp',
  'xattr',
] as const;

/** Capabilities that are there with a feature. Source: SDK RFC 0076, and what servers of 7.6 and 8.0 send. */
const FEATURE_CAPABILITIES = [
  [Feature.RangeScanIncludeXattr, 'rangeScan'],
  [Feature.SubdocReplicaRead, 'subdoc.ReplicaRead'],
  [Feature.SubdocBinaryXattr, 'subdoc.BinaryXattr'],
  [Feature.SubdocAllowReplicaReadOnDeletedDocs, 'subdoc.AccessDeleted'],
] as const;

/** Of every bucket. */
const COMMON_CAPABILITIES = ['cbhello', 'nodesExt'] as const;

/** Views need couchstore, history needs magma. Source: ns_server's ns_bucket. */
const STORAGE_CAPABILITIES = { couchstore: ['couchapi'], magma: ['nonDedupedHistory'], undefined: [] } as const;

/** The capabilities of a bucket whose nodes grant these HELLO features. */
export function bucketCapabilities(
  { type, storageBackend }: Pick<BucketSettings, 'type' | 'storageBackend'>,
  features: ReadonlySet<number>,
): string[] {
  if (type === 'memcached') return [...COMMON_CAPABILITIES];
  const granted = FEATURE_CAPABILITIES.filter(([feature]) => features.has(feature)).map(([, capability]) => capability);
  return [...COMMON_CAPABILITIES, ...BUCKET_CAPABILITIES, ...STORAGE_CAPABILITIES[storageBackend], ...granted];
}

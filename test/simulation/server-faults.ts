import type { ClusterBucket } from '@cb/embedded';
import type { World } from './world.js';
import { BUCKET } from './world.js';

/** What a server does to its clients when its disk is slow, its memory short, or a vbucket on its way to it. */
export const SERVER_FAULT_KINDS = ['disk-reads', 'short-memory', 'takeover'] as const;

export type ServerFaultKind = (typeof SERVER_FAULT_KINDS)[number];

export function isServerFault(kind: string): kind is ServerFaultKind {
  return SERVER_FAULT_KINDS.some((one) => one === kind);
}

/** Of the documents, so many are on disk only. */
const EVICTION_RATIO = 0.7;
/** Of the memory that is taken already, so much may be. */
const QUOTA_RATIO = 0.9;

/** Begins the fault of a node's part of the bucket; what is returned ends it. A takeover ends by itself. */
export function beginServerFault(
  world: World,
  { kind, node, amountMs, lastsMs }: { kind: ServerFaultKind; node: number; amountMs: number; lastsMs: number },
): () => void {
  const bucket = world.cluster.bucket(BUCKET);
  switch (kind) {
    case 'disk-reads':
      return readFromDisk(bucket, Math.max(1, amountMs));
    case 'short-memory':
      return limitMemory(bucket, node, Math.max(1, amountMs));
    case 'takeover':
      bucket.setPending(node % bucket.vbucketMap.length, lastsMs);
      return () => {};
  }
}

/** Most documents of all nodes are read from disk. */
function readFromDisk(bucket: ClusterBucket, readLagMs: number): () => void {
  bucket.setReadLag(readLagMs);
  bucket.setEvictionRatio(EVICTION_RATIO);
  return () => {
    bucket.setReadLag(0);
    bucket.setEvictionRatio(0);
  };
}

/** One node has less memory than it uses, and a disk that is slow to drain. */
function limitMemory(bucket: ClusterBucket, node: number, diskWriteMsPerItem: number): () => void {
  const part = bucket.parts[node]!;
  const { disk, ramQuotaBytes } = part;
  part.disk = { ...disk, limitMemory: true, diskWriteMsPerItem };
  part.ramQuotaBytes = Math.max(1, Math.round(QUOTA_RATIO * part.residency!.bytes));
  return () => {
    part.disk = { ...part.disk, limitMemory: false, diskWriteMsPerItem: 0 };
    part.ramQuotaBytes = Math.max(ramQuotaBytes, part.ramQuotaBytes);
  };
}

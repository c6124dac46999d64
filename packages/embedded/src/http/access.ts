import { Privilege } from '../auth/privilege.js';
import type { ManagedBucket, ManagedCluster } from './hosts.js';
import { type HttpCall, HttpRefusal } from './http-call.js';

/** @throws HttpRefusal 403 when the user has none of the privileges, on the node or in the bucket. */
export function demand(call: HttpCall, mask: number, bucket?: string): void {
  const held =
    (call.user?.privileges(undefined) ?? 0) | (bucket === undefined ? 0 : (call.user?.privileges(bucket) ?? 0));
  if (held & mask) return;
  throw new HttpRefusal(403, { message: 'Forbidden. User needs other permissions for this', permissions: [] });
}

/** @throws HttpRefusal 403 when the user may not change buckets. */
export function demandBucketManagement(call: HttpCall, bucket?: string): void {
  demand(call, Privilege.BucketManagement, bucket);
}

/** @throws HttpRefusal 403 when the user may not change the collections of the bucket, or, if one is given, of this scope. */
export function demandCollectionManagement(call: HttpCall, bucket: string, scope?: string): void {
  const isForScope =
    scope !== undefined &&
    call.user!.scopedPrivileges({ bucket, scope, collection: '' }) & Privilege.CollectionManagement;
  if (!isForScope) demand(call, Privilege.CollectionManagement, bucket);
}

/** @throws HttpRefusal 403 when the user may not change users. */
export function demandSecurityManagement(call: HttpCall): void {
  demand(call, Privilege.SecurityManagement);
}

/** Whether the user may see that the bucket exists. */
export function sees({ user }: HttpCall, bucket: string): boolean {
  if (user === undefined) return false;
  return (user.privileges(bucket) | (user.privileges(undefined) & Privilege.BucketManagement)) !== 0;
}

/** The buckets that the user may see, in the order in which they were created. */
export function visibleBuckets(call: HttpCall, cluster: ManagedCluster): ManagedBucket[] {
  return cluster.bucketNames.filter((name) => sees(call, name)).map((name) => cluster.findBucket(name)!);
}

/**
 * The bucket that the path names.
 * @throws HttpRefusal 404 when there is none, or the user may not see it.
 */
export function bucketOf(call: HttpCall, cluster: ManagedCluster): ManagedBucket {
  const name = call.params['bucket']!;
  const bucket = sees(call, name) ? cluster.findBucket(name) : undefined;
  if (bucket === undefined) throw new HttpRefusal(404, 'Requested resource not found.\r\n');
  return bucket;
}

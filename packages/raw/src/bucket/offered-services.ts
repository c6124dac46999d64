import type { BucketServices } from './bucket-services.js';
import type { RawBucket } from './raw-bucket.js';

const servicesOfBuckets = new WeakMap<RawBucket, BucketServices>();

/** Makes the services of a bucket known to the packages that use them, and not to applications. */
export function offerServices(bucket: RawBucket, services: BucketServices): void {
  servicesOfBuckets.set(bucket, services);
}

/** Returns what a bucket offers to callers of the other services of its nodes. */
export function servicesOf(bucket: RawBucket): BucketServices {
  return servicesOfBuckets.get(bucket)!;
}

import type { BucketServices, RawBucket } from '@cb/raw';

/** Something that every bucket has one of, made when it is first asked for, and gone with the bucket. */
export function perBucket<T>(make: (services: BucketServices) => T): (bucket: RawBucket) => T {
  const made = new WeakMap<BucketServices, { readonly value: T }>();
  return ({ services }) => {
    const known = made.get(services);
    if (known !== undefined) return known.value;
    const value = make(services);
    made.set(services, { value });
    return value;
  };
}

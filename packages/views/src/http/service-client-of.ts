import { perBucket } from './per-bucket.js';

/** The HTTP connections of a bucket. All that only they need is loaded with the first: most buckets never have any. */
export const serviceClientOf = perBucket(async (services) => {
  const [{ default: Queue }, { ServiceClient }] = await Promise.all([import('p-queue'), import('./service-client.js')]);
  return new ServiceClient(services, Queue);
});

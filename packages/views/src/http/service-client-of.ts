import type { RawBucket } from '@cb/raw';
import { loadedOnce } from './loaded-once.js';
import { perBucket } from './per-bucket.js';
import type { ServiceClient } from './service-client.js';

/** The code that only requests to services need: most applications never send one. */
const loadClients = loadedOnce(async () => {
  const { ServiceClient } = await import('./service-client.js');
  return perBucket((services) => new ServiceClient(services));
});

/** Returns the HTTP connections of a bucket. */
export async function serviceClientOf(bucket: RawBucket): Promise<ServiceClient> {
  const clientOf = await loadClients();
  return clientOf(bucket);
}

import { serviceAddress } from '@cb/protocol';
import type { ServerAddress } from '../src/contender.js';
import { openBucket } from '../src/contenders/raw.js';
import { programBody } from './program-body.js';
import { openShapeClient } from './shape-clients.js';
import { collectionsOf, type Documents } from './shape-documents.js';

export interface ShapeStoreArgs {
  readonly server: ServerAddress;
  /** Those of fewer collections first: a collection that is there is not made again. */
  readonly documents: readonly Documents[];
}

/** Not too many at a time of large ones. */
const BYTES_IN_FLIGHT = 1024 * 1024;
const IN_FLIGHT_MAX = 256;

/** Makes collections, and stores documents. */
await programBody<ShapeStoreArgs, number>(async ({ server, documents: sets }) => {
  let made = 0;
  let stored = 0;
  for (const documents of sets) {
    const names = collectionsOf(documents);
    await makeCollections(server, names.slice(made));
    made = Math.max(made, names.length);
    const { count, bytes } = documents;
    const inFlight = Math.max(1, Math.min(IN_FLIGHT_MAX, Math.floor(BYTES_IN_FLIGHT / bytes)));
    const run = await openShapeClient('raw', server, documents);
    await run({ operation: 'upsert', operations: count, inFlight, sum: count });
    stored += count;
  }
  return stored;
});

/** Through the management service, as an administrator does it. */
async function makeCollections(server: ServerAddress, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const bucket = await openBucket(server);
  const management = serviceAddress(bucket.clusterMap!.nodes[0]!, 'mgmt')!;
  bucket.destroy();
  const { hostname, port } = management;
  const url = `http://${hostname}:${port}/pools/default/buckets/${server.bucket}/scopes/_default/collections`;
  const authorization = `Basic ${Buffer.from(`${server.username}:${server.password}`).toString('base64')}`;
  for (const name of names) {
    const body = new URLSearchParams({ name });
    const response = await fetch(url, { method: 'POST', headers: { authorization }, body });
    if (!response.ok) throw new Error(`collection ${name}: ${response.status} ${await response.text()}`);
  }
}

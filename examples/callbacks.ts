import { EmbeddedCluster } from '@cb/embedded';
import { RawBucket } from '@cb/raw';

// The callback core by itself: what a hot path uses. No Promise is made for any of the operations.

const cluster = await EmbeddedCluster.start();
const { connectionString, username, password } = cluster;
const bucket = new RawBucket(`${connectionString}/default`, { username, password });

function onError(_result: unknown, errorClass: { name: string }, error: Error): void {
  console.log(`${errorClass.name}: ${error.message}`);
}

function onConnected(): void {
  bucket.upsert('foo', { bar: 1 }).setCallbacks(onStored, onError);
}

function onStored({ key }: { key: string }): void {
  console.log(`stored ${key}`);
  bucket.get(key).setCallbacks(({ value }) => console.log(`${key} is ${JSON.stringify(value)}`), onError);
  // A misspelt key: an operational error, so it goes to the errback.
  bucket.get('fou').setCallbacks(() => {}, onError);
  // Closing waits for what is under way.
  bucket.close().setCallbacks(() => void cluster.stop(), onError);
}

bucket.connect().setCallbacks(onConnected, onError);

import { EmbeddedCluster } from '@cb/embedded';
import { connect, DocumentLockedError } from '@cb/promise';

// Documents that end by themselves, and documents that only one client may change for a while.

await using cluster = await EmbeddedCluster.start();
const { connectionString, username, password } = cluster;
await using bucket = await connect(`${connectionString}/default`, { username, password });

await bucket.upsert('session', { user: 'ann' }, { ttl: 3600 });
await bucket.touch('session', { ttl: 7200 });
const { value } = await bucket.get('session', { ttl: 7200 });
console.log('the session lives on for', value);

await bucket.upsert('job', { state: 'new' });
const { cas } = await bucket.lock('job', { ttl: 15 });
try {
  await bucket.upsert('job', { state: 'stolen' });
} catch (error) {
  if (!(error instanceof DocumentLockedError)) throw error;
  console.log('nobody else can change the job:', error.message);
}
await bucket.replace('job', { state: 'done' }, { cas });
console.log('the holder of the lock made it', (await bucket.get('job')).value);

import { EmbeddedCluster } from '@cb/embedded';
import { connect } from '@cb/promise';

// One bucket, several collections: the same key is another document in each.

await using cluster = await EmbeddedCluster.start({
  buckets: { travel: { collections: { inventory: ['airline', 'hotel'] } } },
});
const { connectionString, username, password } = cluster;
await using bucket = await connect(`${connectionString}/travel`, { username, password });

const inventory = bucket.scope('inventory');
const airlines = inventory.collection('airline');
const hotels = inventory.collection('hotel');

await Promise.all([airlines.upsert('42', { name: 'Air Forty-Two' }), hotels.upsert('42', { stars: 4 })]);
console.log('airline 42 is', (await airlines.get('42')).value);
console.log('hotel 42 is', (await hotels.get('42')).value);

const { success } = await bucket.get('42', { quiet: true });
console.log('in the default collection there is', success ? 'one too' : 'none');

import { EmbeddedCluster } from '@cb/embedded';
import { connect } from '@cb/promise';

const cluster = await EmbeddedCluster.start();
const { connectionString, username, password } = cluster;
const bucket = await connect(`${connectionString}/default`, { username, password });

await bucket.upsert('foo', { bar: 1 });
const { value, cas } = await bucket.get('foo');
await bucket.replace('foo', { bar: 2 }, { cas });
console.log(value, 'is now', (await bucket.get('foo')).value);

await bucket.close();
await cluster.stop();

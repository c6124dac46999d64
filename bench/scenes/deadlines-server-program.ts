import { once } from 'node:events';
import { EmbeddedCluster } from '@cb/embedded';

/** An embedded cluster that never answers a get of a key that begins with `silent`. It serves until its input ends. */
const cluster = await EmbeddedCluster.start({ keepAlive: true });
cluster.faults.add({ key: /^silent/, drop: 'request' });
const { connectionString, username, password, bucketNames: buckets } = cluster;
console.log(
  JSON.stringify({ connectionString, username, password, buckets, ports: cluster.nodes.map(({ ports }) => ports) }),
);
process.stdin.resume();
await once(process.stdin, 'end');
process.exit();

import { once } from 'node:events';
import { EmbeddedCluster } from '@cb/embedded';

/** An embedded cluster that tells where it is spoken to through TLS. It serves until its input ends. */

await main();

async function main(): Promise<void> {
  const cluster = await EmbeddedCluster.start({ tls: true, keepAlive: true });
  const { secureConnectionString, username, password, bucketNames: buckets } = cluster;
  const ports = cluster.nodes.map((node) => node.ports);
  const connectionString = `${secureConnectionString}?tls_verify=none`;
  console.log(JSON.stringify({ connectionString, username, password, buckets, ports }));
  process.stdin.resume();
  await once(process.stdin, 'end');
  process.exit();
}

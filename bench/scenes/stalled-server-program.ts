import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedCluster } from '@cb/embedded';

/**
 * An embedded cluster whose last node can be disturbed: SIGUSR2 begins and ends it. The argument says how: `stalls` serves
 * and reads nothing, `trickles` only once in a while, and each time no more than one chunk. It serves until its input ends.
 */

const NODES = 4;
const PAUSE_MS = 100;

let disturbed = false;

await main(process.argv[2]);

async function main(how: string | undefined): Promise<void> {
  const cluster = await EmbeddedCluster.start({ nodes: NODES, replicas: 0, keepAlive: true });
  const { connectionString, username, password, bucketNames: buckets } = cluster;
  const ports = cluster.nodes.map((node) => node.ports);
  console.log(JSON.stringify({ connectionString, username, password, buckets, ports }));
  process.on('SIGUSR2', () => {
    disturbed = !disturbed;
    if (disturbed) void disturb(cluster, how === 'trickles');
  });
  process.stdin.resume();
  await once(process.stdin, 'end');
  process.exit();
}

async function disturb(cluster: EmbeddedCluster, trickles: boolean): Promise<void> {
  cluster.hang(NODES - 1);
  while (disturbed) {
    await sleep(PAUSE_MS);
    if (!trickles) continue;
    // What it has read is served, and one more chunk read and kept.
    cluster.resume(NODES - 1);
    cluster.hang(NODES - 1);
  }
  cluster.resume(NODES - 1);
}

import { once } from 'node:events';
import { type ClusterOptions, EmbeddedCluster } from '@cb/embedded';

/** What goes wrong between one SIGUSR2 and the next. */
export type Trouble = 'last node hangs' | 'vbucket 0 is pending';

/** What such a cluster is to be like. */
export interface WaitingServerArgs {
  readonly options: ClusterOptions;
  readonly trouble?: Trouble | undefined;
}

/** An embedded cluster that makes some requests wait, as a real one does. It serves until its input ends. */

await main(JSON.parse(process.argv[2]!));

async function main({ options, trouble }: WaitingServerArgs): Promise<void> {
  const cluster = await EmbeddedCluster.start({ ...options, keepAlive: true });
  const { connectionString, username, password, bucketNames: buckets } = cluster;
  const ports = cluster.nodes.map((node) => node.ports);
  // The clients count on it, as not all of them tell what is where.
  for (const [vbucket, [active]] of cluster.bucket(buckets[0]!).vbucketMap.entries()) {
    if (active !== vbucket % ports.length) throw new Error(`vbucket ${vbucket} is on node ${active}`);
  }
  console.log(JSON.stringify({ connectionString, username, password, buckets, ports }));
  let isTroubled = false;
  process.on('SIGUSR2', () => {
    isTroubled = !isTroubled;
    if (trouble !== undefined) change(cluster, trouble, isTroubled);
  });
  process.stdin.resume();
  await once(process.stdin, 'end');
  process.exit();
}

function change(cluster: EmbeddedCluster, trouble: Trouble, begins: boolean): void {
  if (trouble === 'vbucket 0 is pending') {
    cluster.bucket(cluster.bucketNames[0]!).parts[0]!.setVbucketState(0, begins ? 'pending' : 'active');
    return;
  }
  const last = cluster.nodes.length - 1;
  if (begins) cluster.hang(last);
  else cluster.resume(last);
}

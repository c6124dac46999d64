// One node of a cluster, in a process of its own, with its own memory. It knows of no other node: the process that
// started it does what a cluster manager does for a data node, over IPC.
import { EmbeddedCluster } from '@cb/embedded';
import { ReplicationSource } from './replication-source.js';
import { ReplicationTarget } from './replication-target.js';

/** @type {EmbeddedCluster} */
let cluster;
/** By the number of the stream, the ends that are here. */
const ends = new Map();

function bucket() {
  return cluster.members[0].buckets.get('default');
}

const commands = {
  /** Serves a bucket without vbuckets at these ports. */
  async start({ ports, vbuckets }) {
    cluster = await EmbeddedCluster.start({ clusterManager: false, keepAlive: true, ports, vbuckets });
    // In the same turn, before anybody can have connected: vbuckets are the manager's to give.
    for (let vbucket = 0; vbucket < vbuckets; vbucket++) bucket().deleteVbucket(vbucket);
    return cluster.nodes[0].ports;
  },
  configure({ bucketName, config }) {
    cluster.members[0].setConfig(bucketName, config);
  },
  setVbucket({ vbucket, state, topology }) {
    bucket().setVbucketState(vbucket, state).syncWrites.topology = topology;
  },
  /** Breaks every connection. */
  cut() {
    for (const session of [...cluster.members[0].sessions]) session.reset();
  },
  deleteVbucket: (vbucket) => bucket().deleteVbucket(vbucket),
  highSeqno: (vbucket) => bucket().vbuckets[vbucket].highSeqno,
  /** Begins a replica's end of a stream; answers how far the replica is, and in which history. */
  receive({ stream, vbucket }) {
    const target = new ReplicationTarget(bucket().setVbucketState(vbucket, 'replica'), (item) => send(stream, item));
    ends.set(stream, target);
    return target.position;
  },
  /** Begins the active's end of a stream. What the replica lacks is sent before this is answered. */
  feed({ stream, vbucket, node, position }) {
    const source = new ReplicationSource(bucket().vbuckets[vbucket], node, (item) => send(stream, item));
    ends.set(stream, source);
    source.start(position);
  },
  endStream(stream) {
    ends.get(stream)?.stop();
    ends.delete(stream);
  },
  /** How many active vbuckets are here, and how many documents in copies of any state. */
  census() {
    const vbuckets = bucket().vbuckets.filter((vbucket) => vbucket !== undefined);
    return {
      active: vbuckets.filter(({ state }) => state === 'active').length,
      documents: vbuckets.reduce((sum, { itemCount }) => sum + itemCount, 0),
    };
  },
  /** A document of an active vbucket, as text. */
  peek({ vbucket, key }) {
    const copy = bucket().vbuckets[vbucket];
    return copy?.state === 'active' ? copy.read(0, key)?.value.toString() : undefined;
  },
};

/** Sends an item to the other end of a stream. */
function send(stream, item) {
  tell({ stream, item });
}

/** The process that started this may have ended, and then nobody needs to hear. */
function tell(message) {
  process.send(message, () => {});
}

process.on('message', async ({ id, command, argument, stream, item }) => {
  if (command === undefined) {
    // What is left of a stream that has been ended comes to nothing.
    ends.get(stream)?.receive(item);
    return;
  }
  try {
    tell({ id, result: await commands[command](argument) });
  } catch (error) {
    tell({ id, error: String(error) });
  }
});

// The process that started this has ended.
process.on('disconnect', () => process.exit());

// An embedded cluster in a process of its own, which does what its parent tells it to over IPC.
import { EmbeddedCluster } from '@cb/embedded';

/** @type {EmbeddedCluster} */
let cluster;

const commands = {
  async start(options) {
    cluster = await EmbeddedCluster.start({ ...options, keepAlive: true });
    return cluster.nodes.map(({ ports }) => ports.kv);
  },
  /** Clients of the network `external` find the nodes at these KV ports. */
  advertise(ports) {
    for (const [node, kv] of ports.entries())
      cluster.setAlternateAddress(node, { hostname: '127.0.0.1', ports: { kv } });
  },
  kill: (node) => cluster.kill(node),
  failOver: (node) => cluster.failOver(node),
  restart: (node) => cluster.restart(node),
  rebalance: (options) => cluster.rebalance(options),
  /** The stored documents, as text. */
  peek: (keys) => keys.map((key) => cluster.bucket('default').peek(key)?.value.toString()),
};

process.on('message', async ({ id, command, argument }) => {
  try {
    process.send({ id, result: await commands[command](argument) });
  } catch (error) {
    process.send({ id, error: String(error) });
  }
});

// Whoever started this has gone.
process.on('disconnect', () => process.exit());

import { runProgram } from '../peers/program.js';

/** In each worker of node:cluster a cluster of its own; the second is also asked for a port that the first has. */
const source = `
import nodeCluster from 'node:cluster';
const worker = \`
import { EmbeddedCluster } from '@cb/embedded';
const cluster = await EmbeddedCluster.start({ keepAlive: true });
process.on('message', async (ports) => {
  const code = await EmbeddedCluster.start({ ports }).then(() => 'none', (error) => error.code);
  process.send({ code });
});
process.send({ ports: Object.values(cluster.nodes[0].ports), uuid: cluster.uuid });
\`;
nodeCluster.setupPrimary({ exec: 'worker', execArgv: ['--input-type=module', '--eval', worker] });
const told = (worker) => new Promise((resolve) => worker.once('message', resolve));
const workers = [1, 2].map(() => nodeCluster.fork());
const clusters = await Promise.all(workers.map(told));
workers[1].send(Math.min(...clusters[0].ports));
const taken = await told(workers[1]);
console.log(JSON.stringify({ clusters, taken }));
for (const worker of workers) worker.process.kill();
`;

test('clusters in the workers of a node:cluster have ports of their own', async () => {
  const { exitCode, stdout, stderr } = await runProgram(source, {}, 60_000);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const { clusters, taken } = JSON.parse(stdout);
  const ports = clusters.flatMap((one: { ports: number[] }) => one.ports);
  expect(new Set(ports).size).toBe(8);
  expect(taken).toEqual({ code: 'EADDRINUSE' });
}, 90_000);

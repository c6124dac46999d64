import { runProgram } from '../peers/program.js';

/** What the README of the package shows, with nothing but the package. */
const source = `
import { EmbeddedCluster, Status } from '@cb/embedded';
const cluster = await EmbeddedCluster.start({ buckets: 'travel' });
const bucket = cluster.bucket('travel');
const locked = cluster.faults.add({ opcode: 'Get', key: 'ada', answer: { status: Status.Locked } });
bucket.put('ada', { born: 1815 });
const before = performance.now();
for (let count = 0; count < 100; count++) bucket.flush();
const flushMs = (performance.now() - before) / 100;
console.log(JSON.stringify({ found: bucket.peek('ada') !== undefined, hits: locked.hits, flushMs }));
await cluster.stop();
`;

test('the examples of the README need nothing but the package, and a flush empties a bucket', async () => {
  const { exitCode, stdout, stderr } = await runProgram(source, {});
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({ found: false, hits: 0, flushMs: expect.any(Number) });
});

import { EmbeddedCluster } from '@cb/embedded';
import { runProgram } from '../peers/program.js';

/** Values that are read one after the other and dropped, each of so many bytes. */
const READS = 1500;
const VALUE_BYTES = 20_000;
/** Of 30 MB that were read. */
const GROWN_BYTES_MAX = 6_000_000;

/** Only collections of the young generation run: what a dead object of the old space refers to outlives them. */
const source = `
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { connect } from '@cb/promise';
setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');
const bucket = await connect(input.connectionString, input.credentials);
await bucket.upsert('k', 'x'.repeat(input.bytes));
const reads = {
  get: async () => (await bucket.get('k')).value,
  getMulti: async () => (await bucket.getMulti(['k'])).get('k').value,
  callbacks: () =>
    new Promise((resolve, reject) => {
      bucket.raw.get('k').setCallbacks(({ value }) => resolve(value), (_result, _class, error) => reject(error));
    }),
};
for (let count = 0; count < 100; count++) await reads[input.how]();
gc();
const before = process.memoryUsage().heapUsed;
for (let count = 1; count <= input.reads; count++) {
  if ((await reads[input.how]()).length !== input.bytes) throw new Error('another value');
  if (count % 20 === 0) gc({ type: 'minor' });
}
console.log(process.memoryUsage().heapUsed - before);
await bucket.close();
`;

test.each(['get', 'getMulti', 'callbacks'])(
  'a value that is dropped does not live until the next major collection: %s',
  async (how) => {
    await using cluster = await EmbeddedCluster.start();
    const { connectionString, username, password } = cluster;
    const credentials = { bucket: 'default', username, password };
    const input = { connectionString, credentials, how, reads: READS, bytes: VALUE_BYTES };
    const { exitCode, stdout, stderr } = await runProgram(source, input);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(Number(stdout)).toBeLessThan(GROWN_BYTES_MAX);
  },
);

import { runProgram } from '../peers/program.js';

/** A cluster with ten documents and a view, and a bucket; the program prints what happens, a line each. */
const prelude = `
import { EmbeddedCluster } from '@cb/embedded';
import { RawBucket } from '@cb/raw';
import { AsyncViewBase, queryEx, query } from '@cb/views';
const say = (...words) => console.log(...words);
process.on('uncaughtException', (error) => say('uncaught', error.message));
const cluster = await EmbeddedCluster.start();
const documents = cluster.bucket('default');
for (let index = 0; index < 10; index++) documents.put('document-' + index, { index });
documents.designs.set('_design/d', { views: { v: { map: 'function (doc) { emit(doc.index, null); }' } } });
const { connectionString, username, password } = cluster;
const bucket = new RawBucket(connectionString + '/default', { username, password });
const connected = new Promise((resolve, reject) => bucket.connect().setCallbacks(resolve, (_r, _c, error) => reject(error)));
await connected;
class Handler extends AsyncViewBase {
  onRows(rows) { say('rows', [...rows].length); }
  onError(error) { say('error', error.message); }
  onDone() { say('done', this.rowsReturned); finish?.(); }
}
let finish;
const run = (handler, design = 'd', options = { stale: false }) => new Promise((resolve) => {
  finish = () => setTimeout(resolve, 30);
  queryEx(bucket, handler, design, 'v', options);
});
`;

async function run(source: string): Promise<string[]> {
  const { exitCode, stdout, stderr } = await runProgram(`${prelude}${source}\nawait cluster.stop();`, {});
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout.trim().split('\n');
}

test('what a callback throws surfaces, and every other callback is called', async () => {
  const lines = await run(`
    await run(class extends Handler {
      onRows(rows) { super.onRows(rows); throw new Error('in onRows'); }
      onDone() { super.onDone(); throw new Error('in onDone'); }
    }, 'd', { stale: false, rowsPerCall: 4 });
    await run(class extends Handler {
      onError(error) { super.onError(error); throw new Error('in onError'); }
    }, 'none');
    await run(Handler);
  `);
  expect(lines.filter((line) => line.startsWith('uncaught')).sort()).toEqual([
    'uncaught in onDone',
    'uncaught in onError',
    ...['', '', ''].map(() => 'uncaught in onRows'),
  ]);
  expect(lines.filter((line) => !line.startsWith('uncaught'))).toEqual([
    ...['rows 4', 'rows 4', 'rows 2', 'done 10'],
    expect.stringMatching(/^error view none\/v does not exist/),
    'done 0',
    ...['rows 10', 'done 10'],
  ]);
});

test('a query keeps the process alive to its end, and an idle connection does not', async () => {
  const lines = await run(
    `
    await run(Handler);
    queryEx(bucket, class extends Handler { onDone() { say('the last word'); } }, 'd', 'v');
    say('out');
  `
      .replace('say', 'say')
      .concat('await new Promise((resolve) => setTimeout(resolve, 200));'),
  );
  expect(lines).toEqual(['rows 10', 'done 10', 'out', 'rows 10', 'the last word']);
});

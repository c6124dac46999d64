import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { ServiceBed } from './service-bed.js';

const GIGABYTE = 2 ** 30;
/** Megabytes for the objects of the process that reads. */
const HEAP_MB = 64;
/** Megabytes that it may have of the operating system in all. */
const RESIDENT_MB = 300;
/** Threads that collect garbage get no turn on a busy machine, and what is free stays with the process. */
const FLAGS = [`--max-old-space-size=${HEAP_MB}`, '--single-threaded-gc'];

/** A view's answer of so many bytes and more, over HTTP. It prints its port. */
const server = `
import { createServer } from 'node:http';
import { once } from 'node:events';
const rows = Array.from({ length: 2000 }, (_none, index) =>
  JSON.stringify({ id: 'document-' + index, key: ['a', index], value: { text: '€ "quoted" [' + 'x'.repeat(index % 100) } }));
const block = Buffer.from(rows.join(',\\r\\n'));
createServer(async (request, response) => {
  response.write('{"total_rows":1,"rows":[\\r\\n');
  let blocks = 0;
  for (; blocks * block.length < input.bytes; blocks++) {
    if (blocks > 0) response.write(',\\r\\n');
    if (!response.write(block)) await once(response, 'drain');
  }
  response.end('\\r\\n],"debug_info":{"rows":' + blocks * rows.length + ',"bytes":' + blocks * block.length + '}}');
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
`;

/** Reads the answer and prints what it saw. Not `maxRSS`, which a process inherits: the test runner's own may be more. */
const reader = `
import { RawBucket } from '@cb/raw';
import { query } from '@cb/views';
const bucket = new RawBucket(input.connectionString, { username: 'ann', password: 'secret' });
const view = query(bucket, 'd', 'v', { timeout: 600000 });
let rows = 0;
let keys = 0;
let text = 0;
let resident = 0;
for await (const batch of view.batches()) {
  rows += batch.length;
  for (const { key, value } of batch) { keys += key[1]; text += value.text.length; }
  resident = Math.max(resident, process.memoryUsage.rss());
}
console.log(JSON.stringify({ rows, keys, text, debugInfo: view.debugInfo, residentMb: resident / 2 ** 20 }));
bucket.destroy();
`;

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Runs a program in a process of its own; answers the first line that it prints. */
async function firstLine(source: string, input: unknown, ...flags: readonly string[]): Promise<string> {
  const program = `const input = ${JSON.stringify(input)};\n${source}`;
  const child = spawn(process.execPath, [...flags, '--input-type=module', '--eval', program], {
    cwd: resolve(__dirname, '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout! });
  const ended = once(child, 'exit').then(([code, signal]) => `ended with ${code ?? signal}`);
  return Promise.race([once(lines, 'line').then(([line]) => line as string), ended]);
}

test('a gigabyte of rows passes through a small heap', async () => {
  const port = Number(await firstLine(server, { bytes: GIGABYTE }));
  await using bed = await ServiceBed.start({ script: () => {}, port });
  const { connectionString } = bed;
  const seen = JSON.parse(await firstLine(reader, { connectionString }, ...FLAGS));
  expect(seen.debugInfo.bytes).toBeGreaterThanOrEqual(GIGABYTE);
  const blocks = seen.rows / 2000;
  expect(seen.rows).toBe(seen.debugInfo.rows);
  expect(seen.keys).toBe(blocks * ((2000 * 1999) / 2));
  expect(seen.text).toBe(blocks * (2000 * '€ "quoted" ['.length + 20 * ((100 * 99) / 2)));
  expect(seen.residentMb).toBeLessThan(RESIDENT_MB);
}, 240_000);

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@cb/promise';
import { main } from '../../src/main.js';
import { RecordingTerminal } from '../recording-terminal.js';

interface Serving {
  readonly line: {
    readonly connectionString: string;
    readonly username: string;
    readonly password: string;
    readonly buckets: string[];
    readonly ports: { readonly kv: number; readonly mgmt: number; readonly capi: number }[];
    readonly pid: number;
  };
  /** Tells it to end; answers its exit status. */
  end(signal: 'SIGINT' | 'SIGTERM'): Promise<number>;
}

/** Runs `cb serve --json` in this process until it is ready. */
async function serve(...argv: string[]): Promise<Serving> {
  const terminal = new RecordingTerminal();
  const status = main(['serve', '--json', ...argv], terminal);
  const ready = new Promise<string>((resolve) => terminal.stdout.once('data', (bytes) => resolve(String(bytes))));
  const first = await Promise.race([ready, status.then((code) => `status ${code}: ${terminal.complaint}`)]);
  return {
    line: JSON.parse(first),
    end: (signal) => {
      terminal.emit(signal);
      return status;
    },
  };
}

const directory = mkdtempSync(join(tmpdir(), 'cb-'));
afterAll(() => rmSync(directory, { recursive: true }));

test('tells where it is, and ends on a signal', async () => {
  const serving = await serve('--nodes', '3', '--bucket', 'one', '--bucket', 'two', '-u', 'me', '-P', 'secret');
  const { connectionString, ports, ...rest } = serving.line;
  expect(rest).toEqual({ username: 'me', password: 'secret', buckets: ['one', 'two'], pid: process.pid });
  expect(ports).toHaveLength(3);
  expect(connectionString).toBe(`couchbase://${ports.map(({ kv }) => `127.0.0.1:${kv}`).join(',')}`);

  const bucket = await connect(`${connectionString}/two`, { username: 'me', password: 'secret' });
  await bucket.upsert('foo', { bar: 1 });
  expect((await bucket.get('foo')).value).toEqual({ bar: 1 });
  await bucket.close();

  expect(await serving.end('SIGTERM')).toBe(0);
  await expect(connect(`${connectionString}/two`, { username: 'me', password: 'secret' })).rejects.toThrow(
    'ECONNREFUSED',
  );
});

test('has one node, one bucket and the usual administrator unless told otherwise', async () => {
  const serving = await serve();
  expect(serving.line).toMatchObject({ username: 'Administrator', password: 'password', buckets: ['default'] });
  expect(serving.line.ports).toHaveLength(1);
  expect(await serving.end('SIGINT')).toBe(0);
});

test('is ready when its documents are loaded', async () => {
  const file = join(directory, 'documents.ndjson');
  const documents = Array.from({ length: 1200 }, (_, index) => ({ id: `key ${index}`, doc: { index } }));
  writeFileSync(file, documents.map((document) => JSON.stringify(document)).join('\n'));
  const serving = await serve('--nodes', '2', '--vbuckets', '16', '--load', file);
  const { connectionString, username, password } = serving.line;
  const bucket = await connect(`${connectionString}/default`, { username, password });
  expect(bucket.clusterMap?.vbuckets).toBe(16);
  const read = await Promise.all(documents.map(({ id }) => bucket.get(id)));
  expect(read.map(({ value }) => value)).toEqual(documents.map(({ doc }) => doc));
  await bucket.close();
  await serving.end('SIGTERM');
});

test('without --json it says the same to people', async () => {
  const terminal = new RecordingTerminal();
  const status = main(['serve', '--nodes', '2'], terminal);
  await new Promise((resolve) => terminal.stdout.once('readable', resolve));
  expect(terminal.printed).toMatch(/^Serving couchbase:\/\/127.*\/default\nUser {4}Administrator, password password\n/);
  terminal.emit('SIGINT');
  expect(await status).toBe(0);
});

test.each([
  [['--nodes', '65'], 2, '--nodes must be a whole number from 1 to 64, not "65"'],
  [['--ports', 'some'], 2, '--ports must be default or a number, not "some"'],
  [['--bucket', 'a/b'], 2, '"a/b" is not a bucket name'],
  [['--load', 'no-such-file.ndjson'], 1, 'ENOENT'],
  [['--designs', 'no-such-file.json'], 1, 'ENOENT'],
  [['3'], 2, 'unexpected operand "3"'],
])('with %j ends with status %d', async (argv, status, message) => {
  const terminal = new RecordingTerminal();
  expect(await main(['serve', ...argv], terminal)).toBe(status);
  expect(terminal.complaint).toContain(message);
  expect(terminal.printed).toBe('');
});

test('says so when a port is taken', async () => {
  const other = createServer();
  const port = await new Promise<number>((resolve) => {
    other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
  });
  const terminal = new RecordingTerminal();
  expect(await main(['serve', '--ports', String(port)], terminal)).toBe(1);
  expect(terminal.complaint).toContain(`EADDRINUSE`);
  expect(terminal.complaint).toContain(String(port));
  await new Promise((resolve) => other.close(resolve));
});

test('loads documents as they stand in the file, large integers too', async () => {
  const file = join(directory, 'exact.ndjson');
  const doc = '{"id":12345678901234567890,"f":1.0}';
  writeFileSync(file, `{"id":"exact","doc":${doc}}\n`);
  const serving = await serve('--load', file);
  const { connectionString, username, password, buckets } = serving.line;
  const bucket = await connect(`${connectionString}/${buckets[0]}`, { username, password });
  expect(String((await bucket.get('exact', { noFormat: true })).value)).toBe(doc);
  await bucket.close();
  expect(await serving.end('SIGTERM')).toBe(0);
});

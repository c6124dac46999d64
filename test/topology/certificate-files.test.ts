import { execFile } from 'node:child_process';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedCluster } from '@cb/embedded';
import { ArgumentError, Bucket, type CouchbaseError, connect, TimeoutError } from '@cb/promise';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cb-certificates-'));
});

afterAll(() => rm(folder, { recursive: true }));

test('a certificate file that is missing is an error for the maker of the bucket, and the process lives on', async () => {
  const url = 'couchbases://127.0.0.1:1/default?truststorepath=/nonexistent.pem';
  await expect(connect(url)).rejects.toThrow(ArgumentError);
  expect(() => new Bucket(url)).toThrow('/nonexistent.pem');
  const program = `
    import { connect } from '@cb/promise';
    await connect('${url}').catch((error) => console.log('caught', error.name));
    await new Promise((resolve) => setTimeout(resolve, 50));
    console.log('alive');
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: __dirname,
  });
  expect(stdout).toBe('caught ArgumentError\nalive\n');
});

test('a certificate file that vanishes while a node is away keeps operations waiting, and none is carried out after it failed', async () => {
  await using cluster = await EmbeddedCluster.start({ tls: true });
  const { secureConnectionString, username, password } = cluster;
  const path = join(folder, 'trusted.pem');
  await writeFile(path, cluster.certificate!);
  const url = `${secureConnectionString}/default?trust_certificate=${encodeURIComponent(path)}`;
  await using bucket = await connect(url, { username, password });
  await bucket.upsert('k', 'old');
  await rename(path, `${path}.away`);
  await cluster.kill(0);
  await cluster.restart(0);
  // The end of the connection has been heard of then.
  await bucket.get('k', { timeout: 300 }).catch(() => undefined);
  const error: unknown = await bucket.upsert('k', 'late', { timeout: 300 }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ ambiguous: false, message: expect.stringContaining(path) });
  expect((error as CouchbaseError).cause).toMatchObject({ name: 'ConnectError' });
  const waiting = bucket.get('k', { timeout: 20_000 });
  await rename(`${path}.away`, path);
  expect((await waiting).value).toBe('old');
});

import { EmbeddedCluster } from '@cb/embedded';
import type { ScriptedNode } from '../../packages/raw/test/scripted-node.js';
import { quietNode } from '../async-result/quiet-node.js';
import { type Ended, runProgram } from '../peers/program.js';

let cluster: EmbeddedCluster;
let silent: ScriptedNode;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 3 });
  silent = await quietNode();
});

afterAll(async () => {
  await cluster.stop();
  await silent[Symbol.asyncDispose]();
});

const prelude = `
import { connect } from '@cb/promise';
import { RawBucket } from '@cb/raw';
process.on('exit', () => console.log('exit'));
const open = (options) => connect(input.connectionString, { ...input.credentials, ...options });
const openSilent = (options) => connect(input.silent, { username: 'u', password: 'p', ...options });
`;

/** Runs a program against the cluster (or a node that never answers for keys that begin with `silent`). */
function run(source: string, hangMs?: number): Promise<Ended> {
  const { username, password } = cluster;
  const input = {
    connectionString: `${cluster.connectionString}/default`,
    credentials: { username, password },
    silent: silent.connectionString,
  };
  return runProgram(prelude + source, input, hangMs);
}

/** The lines of a program that ended by itself, with nothing to complain about. */
async function lines(source: string): Promise<string[]> {
  const { exitCode, stdout, stderr } = await run(source);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  return stdout.trim().split('\n');
}

/** Long enough to see that a program does not end: one that would, ends within a fraction of it. */
const STAYS_MS = 2_500;

describe('the process ends', () => {
  test('with a bucket that is open and idle', async () => {
    expect(await lines(`const bucket = await open(); console.log(bucket.state);`)).toEqual(['connected', 'exit']);
  });

  test('with a bucket that is closed while it waits to be ready', async () => {
    const source = `
      const bucket = await open();
      const ready = bucket.waitUntilReady().then(() => 'ready', ({ code }) => code);
      await bucket.close();
      console.log(['ready', 'object_destroyed'].includes(await ready), bucket.state);
    `;
    expect(await lines(source)).toEqual(['true closed', 'exit']);
  });

  test('with a bucket that was used and is idle', async () => {
    const source = `
      const bucket = await open();
      await Promise.all([...Array(100).keys()].map((n) => bucket.upsert('k' + n, n)));
      console.log((await bucket.get('k99')).value);
    `;
    expect(await lines(source)).toEqual(['99', 'exit']);
  });

  test('with a raw bucket that is open and idle', async () => {
    const source = `
      const bucket = new RawBucket(input.connectionString, input.credentials);
      bucket.connect().callback = () => {
        bucket.upsert('k', 1).callback = () => console.log('stored');
      };
    `;
    expect(await lines(source)).toEqual(['stored', 'exit']);
  });

  test('with a bucket that was never connected', async () => {
    const source = `new RawBucket(input.connectionString, input.credentials); console.log('made');`;
    expect(await lines(source)).toEqual(['made', 'exit']);
  });

  test('with a bucket that is closed, and one that is destroyed', async () => {
    const source = `
      const closed = await open({ keepAlive: true });
      const destroyed = await open({ keepAlive: true });
      await closed.upsert('k', 1);
      destroyed.destroy();
      await closed.close();
      console.log(closed.state, destroyed.state);
    `;
    expect(await lines(source)).toEqual(['closed closed', 'exit']);
  });

  test('after connecting failed', async () => {
    const source = `
      await connect(input.connectionString, { ...input.credentials, password: 'wrong' }).catch(({ name }) => console.log(name));
      await connect('couchbase://127.0.0.1:1/default').catch(({ name }) => console.log(name));
    `;
    expect(await lines(source)).toEqual(['AuthError', 'ConnectError', 'exit']);
  });

  test('with a timeout on a connection whose node does not answer: the connection is idle then', async () => {
    const source = `
      const bucket = await openSilent();
      await bucket.get('silent', { timeout: 50 }).catch(({ name }) => console.log(name));
    `;
    expect(await lines(source)).toEqual(['TimeoutError', 'exit']);
  });

  test('with an embedded cluster of its own', async () => {
    const source = `
      import { EmbeddedCluster } from '@cb/embedded';
      const cluster = await EmbeddedCluster.start({ nodes: 2 });
      const bucket = await connect(cluster.connectionString + '/default', { username: cluster.username, password: cluster.password });
      await bucket.upsert('k', 1);
      console.log('stored');
    `;
    expect(await lines(source)).toEqual(['stored', 'exit']);
  });
});

describe('the process goes on', () => {
  test('until connecting is settled', async () => {
    const source = `
      const bucket = new RawBucket(input.connectionString, input.credentials);
      bucket.connect().callback = () => console.log('connected');
    `;
    expect(await lines(source)).toEqual(['connected', 'exit']);
  });

  test('until an operation is answered', async () => {
    const source = `
      const bucket = await open();
      void bucket.upsert('k', 'x').then(() => bucket.get('k')).then(({ value }) => console.log(value));
    `;
    expect(await lines(source)).toEqual(['x', 'exit']);
  });

  test('until an operation that is not answered is over its deadline', async () => {
    const source = `
      const bucket = await openSilent();
      const started = performance.now();
      bucket.get('silent', { timeout: 400 }).catch(({ name }) => console.log(name, performance.now() - started >= 390));
    `;
    expect(await lines(source)).toEqual(['TimeoutError true', 'exit']);
  });

  test('until operations that wait for the connection are settled', async () => {
    const source = `
      import { Bucket } from '@cb/promise';
      const bucket = new Bucket(input.connectionString, input.credentials);
      void bucket.upsert('k', 1).then(({ success }) => console.log(success));
    `;
    expect(await lines(source)).toEqual(['true', 'exit']);
  });

  test('until a bucket that is closing is closed', async () => {
    const source = `
      const bucket = await openSilent();
      bucket.get('silent', { timeout: 200 }).catch(({ name }) => console.log(name));
      void bucket.close().then(() => console.log('closed'));
    `;
    expect(await lines(source)).toEqual(['TimeoutError', 'closed', 'exit']);
  });

  test('as long as an idle bucket with keepAlive is open', async () => {
    const source = `
      const bucket = await open({ keepAlive: true });
      console.log('idle');
    `;
    const { exitCode, stdout, stderr } = await run(source, STAYS_MS);
    expect(exitCode).toBeUndefined();
    expect([stdout.trim(), stderr]).toEqual(['idle', '']);
  });

  test('with keepAlive, until it is closed', async () => {
    const source = `
      const bucket = await open({ keepAlive: true });
      setTimeout(() => void bucket.close().then(() => console.log('closed')), 100).unref();
    `;
    expect(await lines(source)).toEqual(['closed', 'exit']);
  });
});

describe('what nobody handles', () => {
  test('a rejected operation ends the process, as every unhandled rejection does', async () => {
    const { exitCode, stdout, stderr } = await run(`const bucket = await open(); void bucket.get('none');`);
    expect(exitCode).toBe(1);
    expect(stdout.trim()).toBe('exit');
    expect(stderr).toContain('NotFoundError');
  });

  test('a close that nobody waits for, and a destroy, harm nothing', async () => {
    const source = `
      const bucket = await open();
      void bucket.close();
      const other = await open();
      other.destroy();
      console.log('done');
    `;
    expect(await lines(source)).toEqual(['done', 'exit']);
  });

  test('a server that goes away while nothing is asked of it harms nothing', async () => {
    const source = `
      import { EmbeddedCluster } from '@cb/embedded';
      const cluster = await EmbeddedCluster.start({ nodes: 2 });
      const bucket = await connect(cluster.connectionString + '/default', { username: cluster.username, password: cluster.password });
      await cluster.stop();
      await new Promise((resolve) => setTimeout(resolve, 100));
      await bucket.get('k', { timeout: 100 }).catch(({ name }) => console.log(name));
    `;
    expect(await lines(source)).toEqual(['TimeoutError', 'exit']);
  });
});

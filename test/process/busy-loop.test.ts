import { EmbeddedCluster } from '@cb/embedded';
import { Status } from '@cb/protocol';
import { runProgram } from '../peers/program.js';

/** What every program begins with: a client in a process of its own, which keeps its event loop busy. */
const PRELUDE = `
import { connect, TimeoutError } from '@cb/promise';
const { connectionString, username, password } = input;
const open = (options) => connect(connectionString + '/default', { username, password, ...options });
const turn = () => new Promise((resolve) => setImmediate(resolve));
function work(ms) {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
/** Works so long in each turn of the event loop, until it is told to stop; counts the turns. */
function workAlways(ms) {
  const loop = { turns: 0, stop() { ms = undefined; } };
  const next = () => {
    if (ms === undefined) return;
    work(ms);
    loop.turns++;
    setImmediate(next);
  };
  next();
  return loop;
}
`;

async function run<T>(cluster: EmbeddedCluster, source: string, input: object = {}): Promise<T> {
  const { connectionString, username, password } = cluster;
  const program = `${PRELUDE}${source}`;
  const { exitCode, stdout, stderr } = await runProgram(
    program,
    { connectionString, username, password, ...input },
    60_000,
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

describe('while every turn of the event loop is long', () => {
  test.each([20, 60, 150])('of %d ms, operations end a few turns after their deadline', async (workMs) => {
    await using cluster = await EmbeddedCluster.start();
    cluster.faults.add({ key: /^silent/, drop: 'request' });
    const late = await run<number[]>(
      cluster,
      `
      const bucket = await open();
      await bucket.upsert('k', 1);
      const loop = workAlways(input.workMs);
      const late = [];
      const one = async (index) => {
        const timeout = 100 + 37 * index;
        const deadline = performance.now() + timeout;
        let turnsThen;
        const look = () => (performance.now() < deadline ? setImmediate(look) : (turnsThen = loop.turns));
        look();
        await bucket.get('silent-' + index, { timeout }).then(
          () => { throw new Error('nobody answers'); },
          (error) => { if (!(error instanceof TimeoutError)) throw error; },
        );
        late.push(loop.turns - (turnsThen ?? loop.turns));
        await bucket.get('k');
      };
      await Promise.all(Array.from({ length: 10 }, (_none, index) => one(index)));
      loop.stop();
      await bucket.close();
      console.log(JSON.stringify(late));
      `,
      { workMs },
    );
    expect(late).toHaveLength(10);
    expect(Math.max(...late)).toBeLessThanOrEqual(5);
  });

  test('operations are tried again, connections made again, and closing ends', async () => {
    await using cluster = await EmbeddedCluster.start({ nodes: 2 });
    cluster.faults.add({ key: 'refused', answer: { status: Status.TemporaryFailure }, times: 3 });
    cluster.faults.add({ key: 'cut', opcode: 'Get', reset: true, times: 2 });
    cluster.faults.add({ key: 'silent', drop: 'request' });
    const outcome = await run(
      cluster,
      `
      const bucket = await open();
      await bucket.upsert('cut', 1);
      const loop = workAlways(60);
      await bucket.upsert('refused', 2);
      const values = [(await bucket.get('refused')).value, (await bucket.get('cut')).value];
      const silent = bucket.get('silent', { timeout: 500 }).catch((error) => error.name);
      await bucket.close();
      const another = await open();
      values.push((await another.get('cut')).value, await silent);
      await another.close();
      loop.stop();
      console.log(JSON.stringify(values));
      `,
    );
    expect(outcome).toEqual([2, 1, 1, 'TimeoutError']);
  });
});

describe('after the event loop was held up', () => {
  /** Many small values, some long ones, few very long ones: what comes in after the hold-up takes one turn, and many. */
  test.each([
    { count: 1000, bytes: 1000, timeout: 1000, workMs: 2000 },
    { count: 200, bytes: 20_000, timeout: 1000, workMs: 2000 },
    { count: 3, bytes: 2_000_000, timeout: 1000, workMs: 2000 },
    { count: 2000, bytes: 3000, timeout: 200, workMs: 2000 },
  ])('for $workMs ms, $count answers of $bytes bytes are not too late after $timeout ms', async (load) => {
    await using cluster = await EmbeddedCluster.start();
    const failed = await run(
      cluster,
      `
      const bucket = await open();
      await bucket.upsert('k', 'x'.repeat(input.bytes));
      for (let times = 0; times < 3; times++) {
        const { timeout } = input;
        const reads = Array.from({ length: input.count }, () => bucket.get('k', { timeout }));
        await turn();
        work(input.workMs);
        await Promise.all(reads);
      }
      await bucket.close();
      console.log(JSON.stringify('all came'));
      `,
      load,
    );
    expect(failed).toBe('all came');
  });

  test('an operation that nobody answers ends later by that time, and not by more', async () => {
    await using cluster = await EmbeddedCluster.start();
    cluster.faults.add({ key: 'silent', drop: 'request' });
    const [lateMs, workedMs] = await run<[number, number]>(
      cluster,
      `
      const bucket = await open();
      const deadline = performance.now() + 600;
      const read = bucket.get('silent', { timeout: 600 }).catch((error) => error);
      await turn();
      const begin = performance.now();
      work(1000);
      const workedMs = performance.now() - begin;
      const error = await read;
      if (!(error instanceof TimeoutError)) throw error;
      console.log(JSON.stringify([performance.now() - deadline, workedMs]));
      await bucket.close();
      `,
    );
    expect(lateMs).toBeGreaterThan(workedMs - 50);
    // A guard: what else may hold it up is another process on this machine.
    expect(lateMs).toBeLessThan(workedMs + 5000);
  });

  test('connecting, pings, queries, and waiting until documents are durable or nodes ready are not too late', async () => {
    await using cluster = await EmbeddedCluster.start({ nodes: 2 });
    const done = await run(
      cluster,
      `
      const opening = open({ connectTimeout: 500 });
      await turn();
      work(1500);
      const bucket = await opening;
      await bucket.upsert('k', { n: 1 });
      await bucket.designDocuments.upsert('d', { views: { v: { map: 'function (doc, meta) { emit(meta.id, doc); }' } } });
      await bucket.queryAll('d', 'v', { stale: false });
      const calls = {
        ready: () => bucket.waitUntilReady({ timeout: 400 }),
        ping: async () => {
          const report = await bucket.ping({ timeout: 400 });
          for (const { state } of report.services.kv) if (state !== 'ok') throw new Error(state);
        },
        endure: () => bucket.endure('k', { persistTo: 1, replicateTo: 0, timeout: 400 }),
        stored: () => bucket.upsert('k', { n: 2 }, { persistTo: 1, timeout: 400 }),
        view: () => bucket.queryAll('d', 'v', { stale: false, timeout: 400 }),
        multi: () => bucket.getMulti(['k'], { timeout: 400 }),
      };
      for (const call of Object.values(calls)) {
        const called = call();
        await turn();
        work(1200);
        await called;
      }
      await bucket.close();
      console.log(JSON.stringify(Object.keys(calls).length));
      `,
    );
    expect(done).toBe(6);
  });
});

import { EmbeddedCluster } from '@cb/embedded';
import { runProgram } from '../peers/program.js';

/**
 * What nobody handles surfaces as an uncaught exception, which a test runner would take for its own: so these run in
 * a process of their own. The program prints what happens, a line each.
 */
const prelude = `
import { RawBucket } from '@cb/raw';
const say = (...words) => console.log(...words);
process.on('uncaughtException', (error, origin) => say('uncaught', error.name + ':', error.message, error.cause?.name ?? '', origin));
const bucket = new RawBucket(input.connectionString, input.options);
const done = (operation) => new Promise((resolve, reject) => operation.setCallbacks(resolve, (_r, _c, error) => reject(error)));
const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
await done(bucket.connect());
await done(bucket.upsert('there', 1));
`;

let cluster: EmbeddedCluster;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 2 });
});

afterAll(() => cluster.stop());

/** The lines that the program prints. */
async function run(source: string): Promise<string[]> {
  const { username, password } = cluster;
  const input = { connectionString: `${cluster.connectionString}/default`, options: { username, password } };
  const { exitCode, stdout, stderr } = await runProgram(`${prelude}${source}`, input);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  return stdout.trim().split('\n');
}

test('a callback that is not set is a MissingCallbackError, and every other result is delivered', async () => {
  const lines = await run(`
    const others = [done(bucket.get('there')), done(bucket.upsert('other', 2))];
    bucket.get('there').errback = () => say('wrong slot');
    others.push(done(bucket.get('there')), done(bucket.noop()));
    say('delivered', (await Promise.all(others)).filter(({ success }) => success).length);
    await pause();
    say((await done(bucket.get('other'))).value);
  `);
  expect(lines.sort()).toEqual(
    [
      'uncaught MissingCallbackError: the result of get "there" arrived and its callback is not set  uncaughtException',
      'delivered 4',
      '2',
    ].sort(),
  );
});

test('an Item that cannot be updated surfaces, and every other result is delivered', async () => {
  const lines = await run(`
    const { Item, ItemSequence } = await import('@cb/raw');
    const frozen = Object.freeze(new Item('there'));
    const read = await done(bucket.getMulti(new ItemSequence([frozen, new Item('none')]), { quiet: true }));
    say('delivered', read.size, read.allOk);
    await pause();
    say((await done(bucket.get('there'))).value);
  `);
  expect(lines.toSorted()).toEqual([
    '1',
    'delivered 2 false',
    expect.stringMatching(/^uncaught TypeError: .*uncaughtException$/),
  ]);
});

test('an errback that is not set is a MissingCallbackError that has the error', async () => {
  const lines = await run(`
    bucket.get('none').callback = () => say('wrong slot');
    await pause();
  `);
  expect(lines).toEqual([
    'uncaught MissingCallbackError: the result of get "none" arrived and its errback is not set NotFoundError uncaughtException',
  ]);
});

test('slots that were cleared are not set', async () => {
  const lines = await run(`
    const result = bucket.get('there');
    result.setCallbacks(() => say('cleared'), () => say('cleared'));
    result.clearCallbacks();
    await pause();
  `);
  expect(lines).toEqual([expect.stringContaining('its callback is not set')]);
});

test('what a callback throws is uncaught, once, and errback does not hear of it', async () => {
  const lines = await run(`
    bucket.get('there').setCallbacks(
      () => { say('callback'); throw new RangeError('by callback'); },
      () => say('errback'),
    );
    await pause();
  `);
  expect(lines).toEqual(['callback', 'uncaught RangeError: by callback  uncaughtException']);
});

test('what an errback throws is uncaught, once', async () => {
  const lines = await run(`
    bucket.get('none').errback = () => { say('errback'); throw new RangeError('by errback'); };
    await pause();
  `);
  expect(lines).toEqual(['errback', 'uncaught RangeError: by errback  uncaughtException']);
});

test('a thrown value that is not an error comes through as it is', async () => {
  const lines = await run(`
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (thrown) => say('uncaught', thrown));
    bucket.get('there').callback = () => { throw 'a string'; };
    await pause();
  `);
  expect(lines).toEqual(['uncaught a string']);
});

test('throwing handlers disturb no other operation: of a burst, all but they are answered', async () => {
  const lines = await run(`
    let answered = 0;
    let thrown = 0;
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', () => { thrown++; });
    for (let n = 0; n < 500; n++) {
      bucket.get(n % 2 === 0 ? 'there' : 'none').setCallbacks(
        () => { answered++; if (n % 10 === 0) throw new Error('by callback'); },
        () => { answered++; if (n % 10 === 5) throw new Error('by errback'); },
      );
    }
    await done(bucket.noop());
    await done(bucket.noop());
    await pause();
    say(answered, thrown, bucket.connected, (await done(bucket.get('there'))).value);
  `);
  expect(lines).toEqual(['500 100 true 1']);
});

test('handlers of connect and close that throw or are missing are no different', async () => {
  const lines = await run(`
    bucket.connect().callback = () => { throw new RangeError('by connect'); };
    await pause();
    bucket.connect();
    await pause();
    bucket.close().callback = () => { throw new RangeError('by close'); };
    await pause();
    bucket.close();
    await pause();
    say(bucket.state);
  `);
  expect(lines).toEqual([
    'uncaught RangeError: by connect  uncaughtException',
    'uncaught MissingCallbackError: a result arrived and its callback is not set  uncaughtException',
    'uncaught RangeError: by close  uncaughtException',
    'uncaught MissingCallbackError: a result arrived and its callback is not set  uncaughtException',
    'closed',
  ]);
});

test('without a handler of its own the process ends with the error', async () => {
  const { username, password } = cluster;
  const input = { connectionString: `${cluster.connectionString}/default`, options: { username, password } };
  const source = `
    import { RawBucket } from '@cb/raw';
    const bucket = new RawBucket(input.connectionString, input.options);
    bucket.connect().callback = () => bucket.get('none');
  `;
  const { exitCode, stderr } = await runProgram(source, input);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('MissingCallbackError: the result of get "none" arrived and its errback is not set');
  expect(stderr).toContain('NotFoundError');
});

test('an operation that was never started surfaces nowhere', async () => {
  const lines = await run(`
    const aborted = AbortSignal.abort(new Error('by the test'));
    const attempts = [
      () => bucket.get('there', { signal: aborted, ttl: -1 }),
      () => bucket.upsert('there', undefined, { signal: aborted }),
      () => { bucket.destroy(); bucket.get('there', { signal: aborted }); },
    ];
    for (const attempt of attempts) {
      try { attempt(); } catch (error) { say('thrown', error.name); }
    }
    await pause();
  `);
  expect(lines).toEqual(['thrown ArgumentError', 'thrown ValueFormatError', 'thrown ClientTemporaryFailError']);
});

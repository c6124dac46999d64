import { EmbeddedCluster, ManualClock } from '../../src/index.js';
import { QueryClient } from './query-client.js';

let clock: ManualClock;
let cluster: EmbeddedCluster;
let client: QueryClient;

beforeEach(async () => {
  clock = new ManualClock();
  cluster = await EmbeddedCluster.start({ clock, vbuckets: 2, buckets: 'b', queries: { indexLagMs: 1000 } });
  client = new QueryClient(cluster);
  await client.rows('CREATE INDEX i ON b(n)');
  cluster.bucket('b').put('k', { n: 1 });
});

afterEach(() => cluster.stop());

const COVERED = 'SELECT RAW n FROM b WHERE n > 0';

/** Returns the seqnos of all vbuckets, as clients send them. */
function vector(more = 0): string {
  const seqnos = cluster.bucket('b').parts[0]!.vbuckets.map((vbucket) => [(vbucket?.highSeqno ?? 0) + more, '1']);
  return JSON.stringify({ b: Object.fromEntries(seqnos.entries()) });
}

/** Lets so much time pass while a request waits for its indexes, and returns its answer. */
async function afterMs<T>(ms: number, ask: () => Promise<T>): Promise<T> {
  const timers = clock.pendingTimers;
  let isAnswered = false;
  const answered = ask().finally(() => {
    isAnswered = true;
  });
  // The limit of the wait is a timer.
  while (!isAnswered && clock.pendingTimers === timers) await new Promise((resolve) => setTimeout(resolve, 5));
  await clock.advance(ms);
  return answered;
}

test('a query sees the index as it is, unless it asks for more', async () => {
  expect(await client.rows(COVERED)).toEqual([]);
  expect(await client.rows(COVERED, { scan_consistency: 'not_bounded' })).toEqual([]);
  expect(await afterMs(1000, () => client.rows(COVERED, { scan_consistency: 'request_plus' }))).toEqual([1]);
  expect(await client.rows(COVERED)).toEqual([1]);
});

test('at_plus does not wait for what the index has', async () => {
  const vectors = vector();
  await clock.advance(1000);
  cluster.bucket('b').put('later', { n: 2 });
  expect(await client.rows(COVERED, { scan_consistency: 'at_plus', scan_vectors: vectors })).toEqual([1]);
});

test.each(['scan_vectors', 'scan_vector'])('at_plus waits for the seqnos in %s', async (name) => {
  const vectors = vector();
  const value = name === 'scan_vectors' ? vectors : JSON.stringify(JSON.parse(vectors).b);
  expect(await afterMs(1000, () => client.rows(COVERED, { scan_consistency: 'at_plus', [name]: value }))).toEqual([1]);
});

test('a wait is no longer than scan_wait allows', async () => {
  const asks = { scan_consistency: 'request_plus', scan_wait: '500ms' };
  const error = await afterMs(500, () => client.error(COVERED, asks));
  expect(error).toBe('12015 Index scan timed out - cause: Index scan timed out');
});

test('a wait for what never comes ends after two minutes', async () => {
  const asks = { scan_consistency: 'at_plus', scan_vectors: vector(1) };
  const error = await afterMs(120_000, () => client.error(COVERED, asks));
  expect(error).toBe('12015 Index scan timed out - cause: Index scan timed out');
});

test('a wait is no longer than the timeout of the statement', async () => {
  const { json } = await client.ask(COVERED, { scan_consistency: 'request_plus', timeout: '100ms' });
  expect(json).toMatchObject({
    status: 'fatal',
    results: [],
    errors: [{ code: 1080, msg: 'Timeout 100ms exceeded', retry: true }],
  });
});

test.each(['DROP INDEX i ON b', 'DROP INDEX i ON b; CREATE INDEX later ON b(n) WITH {"defer_build": true}'])(
  'nothing is waited for where no index is kept up to date: %s',
  async (statements) => {
    for (const statement of statements.split('; ')) await client.rows(statement);
    const asks = { scan_consistency: 'at_plus', scan_vectors: vector(5) };
    expect(await client.rows('SELECT RAW n FROM b', asks)).toEqual([1]);
    expect(await client.rows('SELECT RAW n FROM b', { scan_consistency: 'request_plus' })).toEqual([1]);
  },
);

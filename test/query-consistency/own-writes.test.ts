import { setTimeout } from 'node:timers/promises';
import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect, MutationState, N1QLQuery, type N1QLQueryOptions } from '@cb/promise';
import { effort } from '../effort/effort.js';

const WRITERS = 8;
const ROUNDS = effort(6, 60);

/** Long enough that an index without a wait would be behind at each query. */
const INDEX_LAG_MS = 20;

const OWN = 'SELECT RAW d.n FROM `default` AS d WHERE d.writer = $1';

let cluster: EmbeddedCluster;
let bucket: Bucket;

beforeEach(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 3, vbuckets: 16, queries: { indexLagMs: INDEX_LAG_MS } });
  const { connectionString, username, password } = cluster;
  bucket = await connect(`${connectionString}/default`, { username, password });
  await bucket.n1qlQueryAll(new N1QLQuery('CREATE INDEX own ON `default`(writer, n)'));
});

afterEach(async () => {
  await bucket.close();
  await cluster.stop();
});

/** Says how a query is to see a write. */
type Asks = (written: Awaited<ReturnType<Bucket['upsert']>>) => N1QLQueryOptions;

const withRequestPlus: Asks = () => ({ consistency: 'request_plus' });
const withItsToken: Asks = (written) => ({ consistentWith: new MutationState(written) });
const prepared: Asks = () => ({ consistency: 'request_plus', adhoc: false });

/** Writes its document again and again, and asks for it after each write. */
async function writeAndAsk(writer: number, asks: Asks): Promise<void> {
  const key = `writer ${writer}`;
  for (let n = 0; n < ROUNDS; n++) {
    const written = await bucket.upsert(key, { writer, n });
    const query = new N1QLQuery(OWN, { parameters: [writer], ...asks(written) });
    const { rows } = await bucket.n1qlQueryAll<number>(query);
    expect([writer, rows]).toEqual([writer, [n]]);
    if (n % 5 !== 4) continue;
    const removed = await bucket.remove(key);
    const again = new N1QLQuery(OWN, { parameters: [writer], ...asks(removed as typeof written) });
    expect((await bucket.n1qlQueryAll<number>(again)).rows).toEqual([]);
  }
}

function all(asks: Asks): Promise<unknown> {
  return Promise.all(Array.from({ length: WRITERS }, (_, writer) => writeAndAsk(writer, asks)));
}

test.each([
  ['request_plus', withRequestPlus],
  ['the tokens of its writes', withItsToken],
  ['request_plus and a prepared statement', prepared],
] as const)('a writer with %s sees each of its own writes, while others write', async (_name, asks) => {
  await all(asks);
});

test('a writer sees its own writes while vbuckets move', async () => {
  let isDone = false;
  const moving = (async () => {
    for (let round = 0; !isDone; round++) {
      await cluster.rebalance({ without: [round % 3] });
      await cluster.rebalance();
      await setTimeout(5);
    }
  })();
  try {
    await all(withRequestPlus);
  } finally {
    isDone = true;
    await moving;
  }
});

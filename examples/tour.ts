import { parseArgs } from 'node:util';
import { connect, N1QLQuery, type ViewRow } from '@cb/promise';
import { RawBucket } from '@cb/raw';
import { CbProcess, type Served } from './src/cb-process.js';
import { beerDesigns, beerSample, cities, type Document } from './src/data-sets.js';
import { ProgressBar, thousands } from './src/progress-bar.js';
import { compareReads } from './src/read-race.js';
import { PLACES_BY_COUNTRY, streamRows } from './src/view-queries.js';

// The tour of cb: a cluster, real data in it, and the ways to read it. `--documents N` loads only that many cities.

type Bucket = Awaited<ReturnType<typeof connect>>;

/** How many operations are under way at a time. */
const IN_FLIGHT = 1000;

function heading(text: string): void {
  console.log(`\n${text}\n${'-'.repeat(text.length)}`);
}

function say(...lines: readonly string[]): void {
  for (const line of lines) console.log(line === '' ? '' : `   ${line}`);
}

async function load(bucket: Bucket, label: string, documents: readonly Document[]): Promise<void> {
  const bar = new ProgressBar(label, documents.length);
  for (let at = 0; at < documents.length; at += IN_FLIGHT) {
    const batch = documents.slice(at, at + IN_FLIGHT);
    await Promise.all(batch.map(({ id, doc }) => bucket.upsert(id, doc)));
    bar.advance(batch.length);
  }
  bar.finish();
}

async function readOne(bucket: Bucket, key: string): Promise<void> {
  const startedAt = performance.now();
  const { value, cas } = await bucket.get(key);
  const milliseconds = performance.now() - startedAt;
  say(
    `const { value, cas } = await bucket.get(${JSON.stringify(key)});`,
    '',
    `value  ${JSON.stringify(value)}`,
    `cas    ${cas}`,
    '',
    `That took ${milliseconds.toFixed(2)} ms: there, into another process, and back.`,
  );
}

async function readBothWays(
  bucket: Bucket,
  { username, password }: Served,
  spec: string,
  keys: string[],
): Promise<void> {
  const raw = new RawBucket(spec, { username, password });
  await new Promise((resolve, reject) =>
    raw.connect().setCallbacks(resolve, (_result, _class, error) => reject(error)),
  );
  const { promised, called } = await compareReads(bucket, raw, keys, IN_FLIGHT);
  say(
    `The same ${thousands(keys.length)} keys, ${thousands(IN_FLIGHT)} at a time, three times each way in turn; the best of each:`,
    '',
    `const { value } = await bucket.get(key);     ${thousands(promised).padStart(9)} reads/s`,
    `raw.get(key).setCallbacks(onValue, onError); ${thousands(called).padStart(9)} reads/s`,
    '',
    `Callbacks were ${(called / promised).toFixed(2)} times as fast here. It is the price of one Promise for each read;`,
    'the connection, the routing and the parsing below are the same code.',
  );
  await new Promise((resolve) => raw.close().setCallbacks(resolve, resolve));
}

/** Lets the cluster index all documents, and asks two questions about all of them. */
async function queryPlaces(bucket: Bucket): Promise<void> {
  const startedAt = performance.now();
  await bucket.designDocuments.upsert('places', { views: { by_country: PLACES_BY_COUNTRY } });
  await bucket.designDocuments.waitUntilIndexed('places');
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const countries = await bucket.queryAll<ViewRow<number, string>>('places', 'by_country', { group: true });
  const most = countries.rows.toSorted((a, b) => b.value - a.value).slice(0, 5);
  const { calls, rows, indexedRows } = await streamRows(bucket, 'places', 'by_country');
  say(
    `map     ${PLACES_BY_COUNTRY.map}`,
    `reduce  ${PLACES_BY_COUNTRY.reduce}`,
    '',
    `The three nodes ran that over all documents in ${seconds} s.`,
    '',
    `await bucket.queryAll('places', 'by_country', { group: true });`,
    `=> ${thousands(countries.length)} countries; the most places: ${most.map(({ key, value }) => `${key} ${thousands(value)}`).join(', ')}`,
    '',
    `bucket.queryEx(Counter, 'places', 'by_country', { reduce: false });`,
    `=> onRows was called ${thousands(calls)} times, with ${thousands(rows)} rows as they arrived; ${thousands(indexedRows)} are indexed`,
  );
}

/** What the guide of the Python SDK shows, on its data. */
async function queryBeers(bucket: Bucket): Promise<void> {
  for (const [name, design] of Object.entries(beerDesigns())) await bucket.designDocuments.upsert(name, design);
  const rows = await bucket.queryAll('beer', 'brewery_beers', { limit: 5, stale: false });
  const streamed = await streamRows(bucket, 'beer', 'brewery_beers');
  say(
    '',
    `await beers.queryAll('beer', 'brewery_beers', { limit: 5 });`,
    ...rows.rows.map(({ key, docid }) => `=> ${JSON.stringify(key)} of ${docid}`),
    '',
    `beers.queryEx(Counter, 'beer', 'brewery_beers');`,
    `=> ${thousands(streamed.rows)} rows of ${thousands(streamed.indexedRows)}`,
  );
}

/** Asks the same kind of question in SQL++, on both buckets. */
async function askInSql(bucket: Bucket, beerBucket: Bucket | undefined): Promise<void> {
  const byCountry =
    'SELECT c.country, COUNT(*) AS places FROM default AS c GROUP BY c.country ORDER BY places DESC, c.country LIMIT 3';
  const { rows, metrics } = await bucket.n1qlQueryAll<{ country: string; places: number }>(byCountry);
  say(
    `await bucket.n1qlQueryAll(${JSON.stringify(byCountry)});`,
    ...rows.map((row) => `=> ${JSON.stringify(row)}`),
    '',
    `The query service took ${(metrics?.elapsedMs ?? 0).toFixed(0)} ms for that, documents read one by one; no view was written before.`,
  );
  if (beerBucket === undefined) return;
  const strong = new N1QLQuery(
    'SELECT b.name, b.abv, w.name AS brewery FROM `beer-sample` AS b JOIN `beer-sample` AS w ON KEYS b.brewery_id WHERE b.abv > $1 ORDER BY b.abv DESC LIMIT 3',
    { parameters: [15] },
  );
  say('', `new N1QLQuery(${JSON.stringify(strong.statement)}, { parameters: [15] })`);
  for await (const row of beerBucket.n1qlQuery(strong)) say(`=> ${JSON.stringify(row)}`);
}

/** Shows how something fails that should. */
async function showFailure(code: string, attempt: () => Promise<unknown>): Promise<void> {
  say(code);
  try {
    await attempt();
  } catch (error) {
    const { name, message } = error as Error;
    say(...`=> ${name}: ${message}`.split('\n'), '');
    return;
  }
  throw new Error(`${code} should have failed`);
}

async function tour(documentsMax: number): Promise<void> {
  const beers = beerSample();

  heading('1. A cluster');
  await using cluster = await CbProcess.serve('--nodes', '3', '--bucket', 'default', '--bucket', 'beer-sample');
  const { connectionString, username, password, pid } = cluster.served;
  const spec = `${connectionString}/default`;
  say(
    'cb serve --nodes 3 --bucket default --bucket beer-sample',
    '',
    `Three nodes are up in process ${pid}, and speak Couchbase's protocol at`,
    connectionString,
  );

  heading('2. Real data');
  await using bucket = await connect(spec, { username, password });
  const places = cities().slice(0, documentsMax);
  say('await bucket.upsert(id, document) for the cities of the world:', '');
  await load(bucket, 'cities', places);
  await using beerBucket = await connect(`${connectionString}/beer-sample`, { username, password });
  if (beers !== undefined) await load(beerBucket, 'beers ', beers);

  heading('3. A document, in an application');
  const sample = places.find(({ id }) => id === 'FR/Paris') ?? places[0];
  if (sample === undefined) throw new Error('there are no documents to show');
  await readOne(bucket, sample.id);

  heading('4. The same reads with callbacks');
  const keys = places.slice(0, 50_000).map(({ id }) => id);
  await readBothWays(bucket, cluster.served, spec, keys);

  heading('5. When something is wrong');
  await showFailure(`await bucket.get('FR/Atlantis');`, () => bucket.get('FR/Atlantis'));
  await showFailure(`await connect('couchbase://…/default', { username, password: 'wrong' });`, () =>
    connect(spec, { username, password: 'wrong' }),
  );

  heading('6. Views: questions about all documents');
  await queryPlaces(bucket);
  if (beers !== undefined) await queryBeers(beerBucket);

  heading('7. The same in SQL++');
  await askInSql(bucket, beers === undefined ? undefined : beerBucket);
  await showFailure("await bucket.n1qlQueryAll('SELECT FROM default');", () =>
    bucket.n1qlQueryAll('SELECT FROM default'),
  );

  console.log('\nThat was the tour. README.md and docs/architecture.md go on from here.');
}

const { values } = parseArgs({ options: { documents: { type: 'string', default: '171075' } } });
const documentsMax = Number(values.documents);
if (!(documentsMax >= 1)) throw new Error('--documents must be a number from 1');
await tour(documentsMax);

import { request } from 'node:http';
import { EmbeddedCluster } from '@cb/embedded';
import { readSharedData, sharedData } from '../data/shared-data.js';

interface Exchange {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly status: number;
  readonly response: string;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

const KEYSPACES = ['contacts', 'tags'];

/** Exchanges that are answered in another way, with the reasons. */
const LISTED: readonly (readonly [name: RegExp, reason: string])[] = [
  [/^(?:query_context keyspace|namespace bad|insert dup|tximplicit|ddl)$/, 'errors of a store of files'],
  [/^system (?:indexes|namespaces|datastores)$/, 'names of a store of files'],
  [/^profile phases$/, 'a store of files gives the text of the document as it was written'],
  [/^memory_quota$/, 'the memory in use is not told'],
  [/^format xml$/, 'answers are JSON'],
];

/** Exchanges whose row has the plan of a store of files. */
const PLANNED = /^(?:prepare(?: named)?|(?:readonly )?explain)$/;

/** Exchanges whose rows have no order. */
const UNORDERED = /^(?:update|delete)$/;

const exchanges = readLines('sqlpp/golden-http.jsonl.gz').map((line) => JSON.parse(line) as Exchange);
const isListed = ({ name }: Exchange): boolean => LISTED.some(([pattern]) => pattern.test(name));

let cluster: EmbeddedCluster;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ buckets: KEYSPACES });
  for (const line of readLines('sqlpp/sqlpp-data-json.ndjson.gz')) {
    const { keyspace, id, doc } = JSON.parse(line) as { keyspace: string; id: string; doc: unknown };
    if (KEYSPACES.includes(keyspace)) cluster.bucket(keyspace).put(id, doc);
  }
});

afterAll(() => cluster.stop());

test('there are exchanges, or the data is not here', () => {
  expect(exchanges).toHaveLength(sharedData('sqlpp/golden-http.jsonl.gz') === undefined ? 0 : 133);
});

// In their order, as some use what others prepared.
for (const exchange of exchanges) {
  if (isListed(exchange)) continue;
  test(`${exchange.name} is answered as the engine does`, async () => {
    const { status, text } = await ask(exchange);
    const form = formOf(exchange);
    expect(`${status} ${form(masked(text))}`).toBe(`${exchange.status} ${form(exchange.response)}`);
  });
}

function readLines(name: string): string[] {
  const path = sharedData(name);
  return path === undefined ? [] : readSharedData(path).toString('utf8').trim().split('\n');
}

function ask({ method, path, headers, body }: Exchange): Promise<Answer> {
  const { hostname, ports } = cluster.nodes[0]!;
  const auth = `${cluster.username}:${cluster.password}`;
  return new Promise((resolve, reject) => {
    const options = { method, path, hostname, port: ports.n1ql, headers, auth };
    const asked = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    asked.on('error', reject).end(body ?? undefined);
  });
}

/** Returns how answers are made comparable. */
function formOf({ name }: Exchange): (answer: string) => string {
  if (UNORDERED.test(name)) return sortedLines;
  return PLANNED.test(name) ? withoutPlan : (answer) => answer;
}

function withoutPlan(answer: string): string {
  return answer
    .replace(/"operator":.*(?="queryContext")|"plan":.*(?="text")/, '')
    .replace(/"resultSize": \d+/, '"resultSize": <n>');
}

/** The lines of an answer, in an order of their own. */
function sortedLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(/,$/, ''))
    .sort()
    .join('\n');
}

/** Leaves out what changes from request to request. */
function masked(text: string): string {
  return text
    .replace(/"requestID": "[0-9a-f-]{36}"/, '"requestID": "<uuid>"')
    .replace(/"(elapsed|execution)Time":( ?)"[^"]+"/g, '"$1Time":$2"<duration>"')
    .replace(/"serviceLoad":( ?)\d+/, '"serviceLoad":$1<n>');
}

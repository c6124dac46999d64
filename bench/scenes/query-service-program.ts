import { request } from 'node:http';
import { EmbeddedCluster } from '@cb/embedded';
import { spreadOf } from '../src/statistics.js';
import { programBody } from './program-body.js';
import { cityDocuments } from './query-documents.js';
import { ENGINE_STATEMENTS } from './query-workloads.js';

export interface QueryServiceArgs {
  readonly cities: number;
  readonly runs: number;
}

/** What the service of one node does, over HTTP, with its client in the same process. */
export interface QueryServiceLap {
  /** Median milliseconds of each statement, by its title. */
  readonly ms: Readonly<Record<string, number>>;
  readonly firstRowMs: number;
  /** Of all documents, and of `JSON.stringify` alone of the same. */
  readonly serviceMbPerSecond: number;
  readonly stringifyMbPerSecond: number;
  /** Memory that the process has more at most, while the documents are read. */
  readonly grownMb: number;
}

interface Reading {
  readonly ms: number;
  readonly firstMs: number;
  readonly bytes: number;
  readonly grownMb: number;
}

function read({ nodes: [node], username, password }: EmbeddedCluster, statement: string): Promise<Reading> {
  const begunAt = performance.now();
  const before = process.memoryUsage.rss();
  const { hostname, ports } = node!;
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const options = { method: 'POST', path: '/query/service', hostname, port: ports.n1ql, headers };
    const asked = request({ ...options, auth: `${username}:${password}` }, (response) => {
      let bytes = 0;
      let firstMs = 0;
      let most = before;
      response.on('data', (chunk: Buffer) => {
        if (bytes === 0) firstMs = performance.now() - begunAt;
        bytes += chunk.length;
        most = Math.max(most, process.memoryUsage.rss());
      });
      response.on('end', () =>
        resolve({ ms: performance.now() - begunAt, firstMs, bytes, grownMb: (most - before) / 2 ** 20 }),
      );
    });
    asked.on('error', reject).end(JSON.stringify({ statement }));
  });
}

await programBody<QueryServiceArgs, QueryServiceLap>(async ({ cities, runs }) => {
  const cluster = await EmbeddedCluster.start({ buckets: ['cities'] });
  const documents = cityDocuments(cities);
  for (const document of documents) cluster.bucket('cities').put(document.id, document);
  const ms: Record<string, number> = {};
  for (const [title, [, statement]] of Object.entries(ENGINE_STATEMENTS)) {
    await read(cluster, statement);
    const times: number[] = [];
    const most = title === 'SELECT 1' ? runs * 100 : runs;
    for (let time = 0; time < most; time++) times.push((await read(cluster, statement)).ms);
    ms[title] = spreadOf(times).median;
  }
  await read(cluster, 'SELECT * FROM cities LIMIT 1000');
  const all = await read(cluster, 'SELECT * FROM cities');
  const begunAt = performance.now();
  let written = 0;
  for (const document of documents) written += JSON.stringify({ cities: document }).length;
  const stringifyMs = performance.now() - begunAt;
  await cluster.stop();
  return {
    ms,
    firstRowMs: all.firstMs,
    serviceMbPerSecond: all.bytes / all.ms / 1000,
    stringifyMbPerSecond: written / stringifyMs / 1000,
    grownMb: all.grownMb,
  };
});

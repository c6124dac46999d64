import { spreadOf } from '../src/statistics.js';
import { programBody } from './program-body.js';
import { openQueryContender, type QuerySide } from './query-contenders.js';
import { beerDocuments, cityDocuments } from './query-documents.js';
import { QUERY_WORKLOADS } from './query-workloads.js';

export interface QueriesArgs {
  readonly side: QuerySide;
  readonly cities: number;
  /** Times that each question is asked before and while it is measured. */
  readonly warmUps: number;
  readonly runs: number;
}

/** Milliseconds and rows by the title of the workload. */
export interface QueriesLap {
  readonly ms: Readonly<Record<string, number>>;
  readonly rows: Readonly<Record<string, number>>;
}

await programBody<QueriesArgs, QueriesLap>(async ({ side, cities, warmUps, runs }) => {
  const ms: Record<string, number> = {};
  const rows: Record<string, number> = {};
  for (const [data, documents] of Object.entries({ beers: beerDocuments(), cities: cityDocuments(cities) })) {
    const ask = await openQueryContender(side, documents);
    for (const workload of QUERY_WORKLOADS.filter((each) => each.data === data)) {
      for (let time = 0; time < warmUps; time++) await ask(workload);
      const times: number[] = [];
      for (let time = 0; time < runs; time++) {
        const begunAt = performance.now();
        rows[workload.title] = await ask(workload);
        times.push(performance.now() - begunAt);
      }
      ms[workload.title] = spreadOf(times).median;
    }
  }
  return { ms, rows };
});

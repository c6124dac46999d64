import { Agent, get } from 'node:http';
import { AsyncViewBase, queryEx, type ViewRow } from '@cb/views';
import type { ServerAddress } from '../src/contender.js';
import { openBucket as openPromise } from '../src/contenders/promise.js';
import { openBucket as openRaw } from '../src/contenders/raw.js';
import { loadRival } from '../src/rival.js';
import { type BeerRow, DESIGN, type RowTotals, VIEW } from './rows.js';

/** A client that reads views; it goes over every row, and takes its value. */
export interface ViewReader {
  read(rows: number): Promise<RowTotals>;
  close(): Promise<void> | void;
}

export type ViewSide = keyof typeof OPENERS;

/** How each side connects. */
const OPENERS = {
  raw: openRawReader,
  promise: openPromiseReader,
  'official-sdk': openOfficialReader,
  'json-parse': openBodyReader,
} satisfies Readonly<Record<string, (server: ServerAddress) => Promise<ViewReader> | ViewReader>>;

export async function openViewReader(side: ViewSide, server: ServerAddress): Promise<ViewReader> {
  return OPENERS[side](server);
}

type BeerViewRow = ViewRow<number>;

/** Goes over the rows of each network chunk. */
class SumHandler extends AsyncViewBase<BeerViewRow> {
  #rows = 0;
  #sum = 0;
  #resolve!: (totals: RowTotals) => void;
  #reject!: (error: Error) => void;
  readonly totals = new Promise<RowTotals>((resolve, reject) => {
    this.#resolve = resolve;
    this.#reject = reject;
  });

  onRows(rows: Iterable<BeerViewRow>): void {
    for (const { value } of rows) {
      this.#rows++;
      this.#sum += value;
    }
  }

  onError(error: Error): void {
    this.#reject(error);
  }

  onDone(): void {
    this.#resolve({ rows: this.#rows, sum: this.#sum });
  }
}

/** @cb/raw: a handler whose methods are called. */
async function openRawReader(server: ServerAddress): Promise<ViewReader> {
  const bucket = await openRaw(server);
  return {
    read: (limit) => queryEx(bucket, SumHandler, DESIGN, VIEW, { limit }).totals,
    close: () => bucket.destroy(),
  };
}

/** @cb/promise: a loop over the rows, one after the other. */
async function openPromiseReader(server: ServerAddress): Promise<ViewReader> {
  const bucket = await openPromise(server);
  return {
    async read(limit) {
      let rows = 0;
      let sum = 0;
      for await (const { value } of bucket.query<BeerViewRow>(DESIGN, VIEW, { limit })) {
        rows++;
        sum += value;
      }
      return { rows, sum };
    },
    close: () => bucket.close(),
  };
}

interface Couchbase {
  connect(connectionString: string, options: { username: string; password: string }): Promise<Cluster>;
}

interface Cluster {
  bucket(name: string): { viewQuery(design: string, view: string, options: { limit: number }): OfficialRows };
  close(): Promise<void>;
}

interface OfficialRows {
  on(event: 'row', listener: (row: BeerRow) => void): this;
  on(event: 'error', listener: (error: Error) => void): this;
  on(event: 'end', listener: () => void): this;
}

/** Couchbase's own SDK: its rows come as events, which is faster than to await the list of them. */
async function openOfficialReader({ connectionString, bucket: name, ...more }: ServerAddress): Promise<ViewReader> {
  const { connect } = await loadRival<Couchbase>('couchbase');
  const cluster = await connect(connectionString, { username: more.username, password: more.password });
  const bucket = cluster.bucket(name);
  return {
    read: (limit) =>
      new Promise((resolve, reject) => {
        let rows = 0;
        let sum = 0;
        bucket
          .viewQuery(DESIGN, VIEW, { limit })
          .on('row', ({ value }) => {
            rows++;
            sum += value;
          })
          .on('error', reject)
          .on('end', () => resolve({ rows, sum }));
      }),
    close: () => cluster.close(),
  };
}

/** No client: the whole body, parsed at once. */
function openBodyReader({ host, viewsPort: port, bucket }: ServerAddress): ViewReader {
  const agent = new Agent({ keepAlive: true });
  const path = `/${bucket}/_design/${DESIGN}/_view/${VIEW}`;
  const body = (limit: number): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      get({ agent, host, port, path: `${path}?limit=${limit}` }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve(Buffer.concat(chunks)));
      }).on('error', reject);
    });
  return {
    async read(limit) {
      const { rows }: { rows: readonly BeerRow[] } = JSON.parse((await body(limit)).toString('utf8'));
      let sum = 0;
      for (const { value } of rows) sum += value;
      return { rows: rows.length, sum };
    },
    close: () => agent.destroy(),
  };
}

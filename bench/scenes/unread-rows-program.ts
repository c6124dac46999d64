import { setTimeout as sleep } from 'node:timers/promises';
import type { ViewRow } from '@cb/views';
import type { ServerAddress } from '../src/contender.js';
import { openBucket } from '../src/contenders/promise.js';
import { type Beer, beerAt, keyAt } from '../src/documents.js';
import { programBody } from './program-body.js';
import { DESIGN, VIEW } from './rows.js';

export interface UnreadRowsArgs {
  readonly server: ServerAddress;
  readonly rows: number;
  readonly phaseMs: number;
}

export interface UnreadRowsLap {
  /** Gets per second before the query, and while it waits for its reader. */
  readonly before: number;
  readonly during: number;
  /** The most that the process grew in that time. */
  readonly grownMb: number;
}

const IN_FLIGHT = 256;
const SAMPLE_MS = 20;
const MEGABYTE = 2 ** 20;

/** A reader that takes the first row of a large view and no more, in a bucket that others use. */
await programBody<UnreadRowsArgs, UnreadRowsLap>(async ({ server, rows: limit, phaseMs }) => {
  const bucket = await openBucket(server);
  for (let index = 0; index < 1000; index++) await bucket.upsert(keyAt(index), beerAt(index));
  let answered = 0;
  let isOver = false;
  const loop = async (): Promise<void> => {
    while (!isOver) {
      const index = answered++;
      const { value } = await bucket.get<Beer>(keyAt(index));
      if (value.serial !== beerAt(index).serial) throw new Error(`${keyAt(index)} has ${value.serial}`);
    }
  };
  const loops = Promise.all(Array.from({ length: IN_FLIGHT }, loop));
  const rate = async (): Promise<number> => {
    const before = answered;
    const begunAt = performance.now();
    do await sleep(phaseMs);
    while (answered === before);
    return ((answered - before) / (performance.now() - begunAt)) * 1000;
  };
  await rate();
  const before = await rate();
  const bytesBefore = process.memoryUsage.rss();
  let mostBytes = bytesBefore;
  const samples = setInterval(() => {
    mostBytes = Math.max(mostBytes, process.memoryUsage.rss());
  }, SAMPLE_MS);
  const rows = bucket.query<ViewRow<number>>(DESIGN, VIEW, { limit })[Symbol.asyncIterator]();
  if ((await rows.next()).done === true) throw new Error('the view has no rows');
  const during = await rate();
  clearInterval(samples);
  await rows.return?.();
  isOver = true;
  await loops;
  await bucket.close();
  return { before, during, grownMb: (mostBytes - bytesBefore) / MEGABYTE };
});

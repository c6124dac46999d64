import type { ServerAddress } from '../src/contender.js';
import { megabytesNeeded, megabytesUsed } from './memory.js';
import { programBody } from './program-body.js';
import { checkTotals, ROWS } from './rows.js';
import { openViewReader } from './view-reader.js';

export interface StreamMemoryArgs {
  readonly side: 'raw' | 'promise';
  readonly server: ServerAddress;
  readonly rows: number;
}

export interface StreamMemoryLap {
  readonly grownMb: number;
  /** The most that the process has had of the operating system's memory. */
  readonly residentMb: number;
}

const SAMPLE_MS = 20;

await programBody<StreamMemoryArgs, StreamMemoryLap>(async ({ side, server, rows }) => {
  const reader = await openViewReader(side, server);
  checkTotals(await reader.read(ROWS), ROWS);
  const before = megabytesNeeded();
  let most = before;
  let residentMb = 0;
  const sample = (): void => {
    most = Math.max(most, megabytesUsed());
    // Not `maxRSS`, which a process inherits from the one that started it.
    residentMb = Math.max(residentMb, process.memoryUsage.rss() / 2 ** 20);
  };
  const samples = setInterval(sample, SAMPLE_MS);
  checkTotals(await reader.read(rows), rows);
  sample();
  clearInterval(samples);
  return { grownMb: most - before, residentMb };
});

import type { ServerAddress } from '../src/contender.js';
import { programBody } from './program-body.js';
import { checkTotals } from './rows.js';
import { openViewReader, type ViewSide } from './view-reader.js';

export interface ViewRowsArgs {
  readonly side: ViewSide;
  readonly server: ServerAddress;
  /** Rows of each query. */
  readonly rows: number;
  /** Queries that are not measured. */
  readonly warmUps: number;
  readonly queries: number;
}

export interface ViewRowsLap {
  readonly rowsPerSecond: number;
  /** User and system time of the process, all threads included. */
  readonly cpuUsecsPerRow: number;
}

await programBody<ViewRowsArgs, ViewRowsLap>(async ({ side, server, rows, warmUps, queries }) => {
  const reader = await openViewReader(side, server);
  const read = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time++) checkTotals(await reader.read(rows), rows);
  };
  await read(warmUps);
  const cpu = process.cpuUsage();
  const begunAt = performance.now();
  await read(queries);
  const wallMs = performance.now() - begunAt;
  const { user, system } = process.cpuUsage(cpu);
  return { rowsPerSecond: (queries * rows * 1000) / wallMs, cpuUsecsPerRow: (user + system) / (queries * rows) };
});

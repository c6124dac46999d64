import { startRowsServer } from './rows-server.js';
import type { SceneOptions, SceneResult } from './scene.js';
import { SideLaps, withOfficialSdk } from './sides.js';
import type { ViewSide } from './view-reader.js';
import type { ViewRowsArgs, ViewRowsLap } from './view-rows-program.js';

/** Rows of one query, and queries before the measured ones and measured ones: a second's worth, or so. */
const SIZES = {
  full: { rows: 48_000, warmUps: 5, queries: 30 },
  /** For the official SDK, which takes several times as long. */
  official: { rows: 48_000, warmUps: 2, queries: 6 },
  quick: { rows: 4800, warmUps: 2, queries: 5 },
};

/** Rows of a view per second, as they are streamed, and as `JSON.parse` makes them of the whole answer. */
export async function viewRows(options: SceneOptions): Promise<SceneResult> {
  const { quick, progress } = options;
  const { sides, notes } = withOfficialSdk<ViewSide>(['raw', 'promise', 'json-parse']);
  const sizeOf = (side: ViewSide): (typeof SIZES)['full'] =>
    quick ? SIZES.quick : SIZES[side === 'official-sdk' ? 'official' : 'full'];
  const { rows } = sizeOf('raw');
  progress(`view rows, ${rows} to a query`);
  await using server = await startRowsServer();
  const argsOf = (side: ViewSide): ViewRowsArgs => ({ side, server: server.address, ...sizeOf(side) });
  const laps = await SideLaps.measure<ViewSide, ViewRowsLap>('view-rows-program', sides, options.rounds, argsOf);
  return {
    unit: 'rows/s',
    rounds: laps.rounds((lap) => lap.rowsPerSecond),
    notes: [
      ...notes,
      `Each query has ${rows} rows of 145 bytes, in HTTP chunks of 4 KB as the server sends them, made beforehand in a process of their own; its views would be slower than the clients.`,
      'raw has a handler, promise a loop over single rows, the official SDK the events of its rows, which are faster there than the list of all; json-parse is node:http and JSON.parse of the whole body. All add up a number of each row.',
      `CPU of the client in microseconds for each row: ${laps.medians((lap) => lap.cpuUsecsPerRow, 2)}.`,
    ],
  };
}

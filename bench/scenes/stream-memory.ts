import { rowsOfBytes } from './rows.js';
import { startRowsServer } from './rows-server.js';
import type { SceneOptions, SceneResult } from './scene.js';
import { SideLaps } from './sides.js';
import type { StreamMemoryArgs, StreamMemoryLap } from './stream-memory-program.js';

const MEGABYTE = 2 ** 20;
/** What is streamed. */
const MEGABYTES = 1024;
const MEGABYTES_QUICK = 8;
/** With more than this, growth would be garbage that nobody needed to collect. */
const HEAP_MB = 64;

/** By how many megabytes memory grows while so much larger a view passes through it. */
export async function streamMemory(options: SceneOptions): Promise<SceneResult> {
  const megabytes = options.quick ? MEGABYTES_QUICK : MEGABYTES;
  const rows = rowsOfBytes(megabytes * MEGABYTE);
  options.progress(`memory while ${megabytes} MB of view rows pass through it`);
  await using server = await startRowsServer();
  const laps = await SideLaps.measure<StreamMemoryArgs['side'], StreamMemoryLap>(
    'stream-memory-program',
    ['raw', 'promise'],
    options.rounds,
    (side) => ({ side, server: server.address, rows }),
    ['--expose-gc', `--max-old-space-size=${HEAP_MB}`],
  );
  return {
    unit: 'MB',
    rounds: laps.rounds((lap) => lap.grownMb),
    notes: [
      `${rows} rows, ${megabytes} MB as JSON, streamed into a heap of at most ${HEAP_MB} MB. Measured is the heap in use and the buffers that belong to it, garbage included, every 20 ms, less what it was after a shorter query and a collection.`,
      `MB that the process had at most of the operating system: ${laps.medians((lap) => lap.residentMb, 0)}.`,
    ],
  };
}

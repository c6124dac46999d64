import { startDocumentsServer } from './documents-server.js';
import type { HeldMemoryArgs, HeldMemoryLap } from './held-memory-program.js';
import type { SceneOptions, SceneResult } from './scene.js';
import { SideLaps } from './sides.js';

const OPERATIONS = 10_000;

/** Megabytes that are held by operations whose answers have not come, beyond their keys and values. */
export async function heldMemory(options: SceneOptions): Promise<SceneResult> {
  options.progress(`memory held by ${OPERATIONS} operations in flight`);
  await using server = await startDocumentsServer();
  const { address, pid } = server;
  type Laps = SideLaps<HeldMemoryArgs['side'], HeldMemoryLap>;
  const held = (operation: HeldMemoryArgs['operation'], rounds: number): Promise<Laps> =>
    SideLaps.measure<HeldMemoryArgs['side'], HeldMemoryLap>(
      'held-memory-program',
      ['raw', 'promise'],
      rounds,
      (side) => ({ side, operation, server: address, pid, operations: OPERATIONS }),
      ['--expose-gc'],
    );
  try {
    const gets = await held('get', options.rounds);
    const upserts = await held('upsert', 1);
    return {
      unit: 'MB',
      rounds: gets.rounds((lap) => lap.heldMb),
      notes: [
        `${OPERATIONS} gets, while the server's process is stopped. Measured is what the heap and the buffers that belong to it need more than before, after a collection each. Keys and values are there before. With promise, an array of the Promises is part of it. All operations succeed when the server goes on.`,
        `MB held by as many upserts of 1 KB, in one round: ${upserts.medians((lap) => lap.heldMb, 1)}. 10 of them are the values as JSON, which is made with the call; what there is more than for gets are requests on their way to the socket.`,
      ],
    };
  } finally {
    // A program that failed may have left it stopped: it could not end.
    process.kill(pid, 'SIGCONT');
  }
}

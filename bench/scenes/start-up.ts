import { startDocumentsServer } from './documents-server.js';
import type { SceneOptions, SceneResult } from './scene.js';
import { SideLaps, withOfficialSdk } from './sides.js';
import type { StartUpArgs, StartUpLap } from './start-up-program.js';

/** Milliseconds from before the package is loaded to the first document. */
export async function startUp(options: SceneOptions): Promise<SceneResult> {
  const { sides, notes } = withOfficialSdk<StartUpArgs['side']>(['raw', 'promise']);
  options.progress('import and first operation');
  await using server = await startDocumentsServer();
  const argsOf = (side: StartUpArgs['side']): StartUpArgs => ({ side, server: server.address });
  const laps = await SideLaps.measure<StartUpArgs['side'], StartUpLap>(
    'start-up-program',
    sides,
    options.rounds,
    argsOf,
  );
  return {
    unit: 'ms',
    rounds: laps.rounds((lap) => lap.ms),
    notes: [
      ...notes,
      'A fresh process each time: from before the import to the value of the first document, connecting included, on a cluster that runs. The start of Node is not counted.',
      `MB of the operating system's memory that the process has then: ${laps.medians((lap) => lap.residentMb, 0)}.`,
    ],
  };
}

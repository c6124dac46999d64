import { type ContenderName, contenderInfo } from '../src/contender.js';
import type { Load } from '../src/load.js';
import { IN_FLIGHT } from '../src/plots.js';
import { startEmbedded } from '../src/servers/embedded.js';
import { installedVersion, startMemcached } from '../src/servers/installed.js';
import type { Server } from '../src/servers/server.js';
import { spreadOf } from '../src/statistics.js';
import type { ContenderArgs, ContenderLap } from './contender-program.js';
import { runProgram } from './program.js';
import type { Curve, SceneOptions } from './scene.js';
import { withOfficialSdk } from './sides.js';

/** One that is not ours, for the plot. */
interface Rival {
  readonly contender: ContenderName;
  readonly title: string;
  /** Operations of a lap, with one in flight and at most. */
  readonly operations: readonly [one: number, most: number];
  start(): Promise<Server>;
}

const IN_FLIGHTS = [1, 4, 16, 64, 256, 1024];
const IN_FLIGHTS_QUICK = [1, 64];
const QUICK_DIVISOR = 20;

const OFFICIAL: Rival = {
  contender: 'official-sdk',
  title: contenderInfo('official-sdk').title,
  operations: [2000, 15_000],
  start: startEmbedded,
};

const FLOOR: Rival = {
  contender: 'socket-floor',
  title: 'socket floor at memcached',
  operations: [8000, 150_000],
  start: startMemcached,
};

/** Stored before the others are measured; every document is there then. */
const STORE: Load = { operation: 'upsert', operations: 1000, inFlight: 100 };

/** Throughput against operations in flight, of the official SDK and of a socket without a client. */
export async function shapeRivals({ rounds, quick, progress }: SceneOptions): Promise<readonly Curve[]> {
  const rivals = [
    ...(withOfficialSdk([]).sides.length > 0 ? [OFFICIAL] : []),
    ...(installedVersion('memcached') === undefined ? [] : [FLOOR]),
  ];
  const curves: Curve[] = [];
  for (const rival of rivals) {
    progress(`shape: ${rival.title} over ${IN_FLIGHT}`);
    curves.push(await measure(rival, quick ? 1 : rounds, quick));
  }
  return curves;
}

async function measure(rival: Rival, rounds: number, quick: boolean): Promise<Curve> {
  await using server = await rival.start();
  const loads = (quick ? IN_FLIGHTS_QUICK : IN_FLIGHTS).map((inFlight) => loadOf(rival, inFlight, quick));
  const laps: (readonly ContenderLap[])[] = [];
  for (let round = 0; round < rounds; round++) {
    const args: ContenderArgs = {
      contender: rival.contender,
      server: server.address,
      loads: [STORE, ...loads],
      ranks: [],
    };
    const [, ...gets] = await runProgram<readonly ContenderLap[]>('contender-program', args);
    laps.push(gets);
  }
  return {
    title: `${rival.title}: get, 1024 bytes`,
    x: IN_FLIGHT,
    points: loads.map(({ inFlight: x }, place) => ({
      x,
      operationsPerSecond: spreadOf(laps.map((round) => round[place]!.operationsPerSecond)),
      clientCpuUsecs: spreadOf(laps.map((round) => round[place]!.clientCpuUsecs)),
    })),
    notes: [],
  };
}

function loadOf({ operations: [one, most] }: Rival, inFlight: number, quick: boolean): Load {
  const operations = Math.min(one * Math.sqrt(inFlight), most);
  return { operation: 'get', operations: Math.round(quick ? operations / QUICK_DIVISOR : operations), inFlight };
}

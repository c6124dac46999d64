import type { ContenderModule, ContenderName, ServerAddress } from '../src/contender.js';
import type { Load } from '../src/load.js';
import { measureLap } from '../src/measured-lap.js';
import { programBody } from './program-body.js';

export interface ContenderArgs {
  readonly contender: ContenderName;
  readonly server: ServerAddress;
  /** In the order in which they are measured; each after a shorter lap of the same. */
  readonly loads: readonly Load[];
  /** The shares of all operations for which it is told how long they took at most; none are measured for no shares. */
  readonly ranks: readonly number[];
}

/** What came of one load. */
export interface ContenderLap {
  readonly operationsPerSecond: number;
  readonly clientCpuUsecs: number;
  /** By the order of the ranks. */
  readonly usecs: readonly number[];
}

/** The lap before the measured one is so much shorter. */
const WARM_UP_SHARE = 0.5;

await programBody<ContenderArgs, readonly ContenderLap[]>(async ({ contender: name, server, loads, ranks }) => {
  const module: ContenderModule = await import(`../src/contenders/${name}.js`);
  const contender = await module.open(server);
  const laps: ContenderLap[] = [];
  const areTimed = ranks.length > 0;
  for (const load of loads) {
    const warmUp = Math.max(load.inFlight, Math.round(load.operations * WARM_UP_SHARE));
    await measureLap(contender, { ...load, operations: warmUp }, areTimed);
    const { wallUsecs, cpuUsecs, latencies } = await measureLap(contender, load, areTimed);
    laps.push({
      operationsPerSecond: (load.operations / wallUsecs) * 1e6,
      clientCpuUsecs: cpuUsecs / load.operations,
      usecs: ranks.map((rank) => latencies.percentile(rank)!),
    });
  }
  return laps;
});

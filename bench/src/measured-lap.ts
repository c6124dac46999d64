import type { Contender } from './contender.js';
import { Latencies } from './latencies.js';
import type { Load } from './load.js';

/** What one lap took. */
export interface MeasuredLap {
  readonly wallUsecs: number;
  /** User and system time of the whole process, all threads included. */
  readonly cpuUsecs: number;
  readonly latencies: Latencies;
}

/** @param areTimed whether it is told how long the single operations took */
export async function measureLap(contender: Contender, load: Load, areTimed: boolean): Promise<MeasuredLap> {
  const latencies = new Latencies(load.operations, areTimed);
  const cpu = process.cpuUsage();
  const begunAt = performance.now();
  await contender.run(load, latencies);
  const wallUsecs = (performance.now() - begunAt) * 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { wallUsecs, cpuUsecs: user + system, latencies };
}

import { Lane, type LaneOptions, type Lap } from './lane.js';
import { describeLoad } from './load.js';
import type { GroupPlan, LanePlan, Workload } from './plan.js';
import { inTurns } from './turns.js';

/** The laps of one lane with one workload, one for each round. */
export interface LaneLaps {
  readonly lane: LanePlan;
  readonly operations: number;
  readonly laps: readonly Lap[];
}

/** What all lanes of a group did with one workload. */
export interface WorkloadLaps {
  readonly group: string;
  readonly workload: Workload;
  readonly lanes: readonly LaneLaps[];
}

/** Laps before the measured ones: code is compiled, pools are filled. */
const WARM_UP_LAPS = 2;

/** Runs a group: every lane is started once, and in each round every lane has its turn, in changing order. */
export async function runGroup(
  { title, lanes: plans, workloads }: GroupPlan,
  rounds: number,
  options: LaneOptions,
  progress: (line: string) => void,
): Promise<WorkloadLaps[]> {
  const lanes: Lane[] = [];
  try {
    for (const plan of plans) lanes.push(await Lane.start(plan, options));
    const results: WorkloadLaps[] = [];
    for (const workload of workloads) {
      progress(`${title}: ${describeLoad(workload)}`);
      results.push({ group: title, workload, lanes: await runWorkload(lanes, workload, rounds) });
    }
    return results;
  } finally {
    await Promise.all(lanes.map((lane) => lane[Symbol.asyncDispose]()));
  }
}

async function runWorkload(lanes: readonly Lane[], workload: Workload, rounds: number): Promise<LaneLaps[]> {
  for (const lane of lanes) {
    for (let lap = 0; lap < WARM_UP_LAPS; lap++) await lane.lap(workload);
  }
  const laps = await inTurns(lanes, rounds, (lane) => lane.lap(workload));
  return lanes.map((lane) => ({
    lane: lane.plan,
    operations: lane.operations(workload),
    laps: laps.get(lane)!,
  }));
}

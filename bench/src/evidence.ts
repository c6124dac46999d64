import type { ContenderName } from './contender.js';
import type { Lap } from './lane.js';
import type { OperationName } from './load.js';
import type { WorkloadLaps } from './run.js';
import type { SceneName } from './scene-titles.js';
import type { SceneResults } from './scenes.js';
import { type Spread, spreadOf } from './statistics.js';

/** Which laps are meant. */
export interface LapsOf {
  readonly group: string;
  readonly operation: OperationName;
  readonly inFlight: number;
}

/** All that a run has measured; `undefined` for what it left out. */
export class Evidence {
  readonly #workloads: readonly WorkloadLaps[];
  readonly #scenes: SceneResults;

  constructor(workloads: readonly WorkloadLaps[], scenes: SceneResults) {
    this.#workloads = workloads;
    this.#scenes = scenes;
  }

  /** What `pick` takes of a contender's laps as a multiple of what it takes of the other's, round by round. */
  ratio(
    { group, operation, inFlight }: LapsOf,
    who: ContenderName,
    other: ContenderName,
    pick: (lap: Lap) => number | undefined,
  ): Spread | undefined {
    const found = this.#workloads.find(
      ({ group: title, workload }) =>
        title === group && workload.operation === operation && workload.inFlight === inFlight,
    );
    const values = (name: ContenderName): (number | undefined)[] | undefined =>
      found?.lanes.find(({ lane }) => lane.contender === name)?.laps.map(pick);
    return ratios(values(who), values(other));
  }

  /** The same for what a scene measured. */
  sceneRatio(scene: SceneName, who: string, other: string): Spread | undefined {
    const rounds = this.#scenes[scene]?.rounds;
    return ratios(rounds?.[who], rounds?.[other]);
  }

  /** What a scene measured itself. */
  scene(scene: SceneName, who: string): Spread | undefined {
    const values = this.#scenes[scene]?.rounds[who];
    return values === undefined ? undefined : spreadOf(values);
  }
}

/** Round by round, as what slows a machine down mostly slows down neighbours in time. */
function ratios(
  a: readonly (number | undefined)[] | undefined,
  b: readonly (number | undefined)[] | undefined,
): Spread | undefined {
  if (a === undefined || b === undefined || [...a, ...b].includes(undefined)) return undefined;
  return spreadOf(a.map((value, round) => value! / b[round]!));
}

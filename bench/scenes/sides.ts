import { missingPackage } from '../src/rival.js';
import { spreadOf } from '../src/statistics.js';
import { inTurns } from '../src/turns.js';
import { runProgram } from './program.js';
import type { Rounds } from './scene.js';

/** The clients that are compared. */
export interface Sides<Side extends string> {
  readonly sides: readonly Side[];
  /** The clients that are left out, and why. */
  readonly notes: readonly string[];
}

/** These, and the official SDK, if it is installed. */
export function withOfficialSdk<Side extends string>(others: readonly Side[]): Sides<Side | 'official-sdk'> {
  const missing = missingPackage('official-sdk');
  return missing === undefined
    ? { sides: [...others, 'official-sdk'], notes: [] }
    : { sides: others, notes: [missing] };
}

/** What a program printed for every side in every round, each time run in a process of its own. */
export class SideLaps<Side extends string, Lap> {
  readonly #laps: ReadonlyMap<Side, readonly Lap[]>;

  private constructor(laps: ReadonlyMap<Side, readonly Lap[]>) {
    this.#laps = laps;
  }

  static async measure<Side extends string, Lap>(
    program: string,
    sides: readonly Side[],
    rounds: number,
    argsOf: (side: Side) => object,
    execArgv: readonly string[] = [],
  ): Promise<SideLaps<Side, Lap>> {
    return new SideLaps(await inTurns(sides, rounds, (side) => runProgram<Lap>(program, argsOf(side), execArgv)));
  }

  /** One number of each lap. */
  rounds(pick: (lap: Lap) => number): Rounds {
    return Object.fromEntries([...this.#laps].map(([side, laps]) => [side, laps.map(pick)]));
  }

  /** The median of one number of the laps for each side, to be read: `raw 0.6, promise 0.7`. */
  medians(pick: (lap: Lap) => number, digits: number): string {
    const texts = [...this.#laps].map(([side, laps]) => `${side} ${spreadOf(laps.map(pick)).median.toFixed(digits)}`);
    return texts.join(', ');
  }
}

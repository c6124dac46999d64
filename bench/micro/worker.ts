import { spreadOf } from '../src/statistics.js';
import type { MicroCase, MicroSuite } from './micro-case.js';
import type { MicroRow } from './run-micro.js';

/** Runs of a case in one round; a round of the full size takes some tenths of a second. */
const RUNS = 1000;
const RUNS_QUICK = 20;

const [suite, rounds, size] = process.argv.slice(2);
const { cases }: MicroSuite = await import(`./${suite}.js`);
process.stdout.write(JSON.stringify(measure(await cases(), Number(rounds), size === 'quick' ? RUNS_QUICK : RUNS)));

/** In each round every case has its turn; the first round only warms up. */
function measure(all: readonly MicroCase[], count: number, runs: number): MicroRow[] {
  const nanoseconds = all.map((): number[] => []);
  const expected = all.map((one) => one.run());
  for (let round = 0; round <= count; round++) {
    all.forEach((one, index) => {
      const taken = timeRuns(one, runs, expected[index]!);
      if (round > 0) nanoseconds[index]!.push(taken);
    });
  }
  return all.map(({ name, unit }, index) => ({ name, unit, nanoseconds: spreadOf(nanoseconds[index]!) }));
}

/** Nanoseconds for one step. */
function timeRuns(one: MicroCase, runs: number, expected: number): number {
  const begunAt = performance.now();
  for (let run = 0; run < runs; run++) {
    if (one.run() !== expected) throw new Error(`${one.name}: the result changed from run to run`);
  }
  return ((performance.now() - begunAt) * 1e6) / (runs * one.steps);
}

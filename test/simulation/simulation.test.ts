import { randomInt } from 'node:crypto';
import { effort } from '../effort/effort.js';
import { runScenario, type ScenarioReport } from './scenario.js';
import { replayCommand } from './shrink.js';

jest.setTimeout(300_000);

const FIXED_SEEDS = effort(4, 15);
/** Minutes of cluster life in all. */
const SIMULATED_MINUTES = effort(250, 1000);

let simulatedMs = 0;
let seeds = 0;
let calls = 0;
let searches = 0;
let undecided = 0;

async function failuresOf(seed: number): Promise<string[]> {
  const report = await runScenario({ seed });
  count(report);
  return report.violations.length === 0 ? [] : [`${replayCommand({ seed })}\n${report.violations[0]!.message}`];
}

function count(report: ScenarioReport): void {
  seeds++;
  simulatedMs += report.simulatedMs;
  calls += report.calls;
  searches += report.searches;
  undecided += report.undecided;
}

test('nothing is lost, repeated, overtaken or left over with the fixed seeds', async () => {
  const failures: string[] = [];
  for (let seed = 1; seed <= FIXED_SEEDS; seed++) failures.push(...(await failuresOf(seed)));
  expect(failures).toEqual([]);
});

test('nor with fresh ones', async () => {
  const base = randomInt(2 ** 31);
  const failures: string[] = [];
  for (let seed = base; simulatedMs < SIMULATED_MINUTES * 60_000; seed++) failures.push(...(await failuresOf(seed)));
  const minutes = Math.round(simulatedMs / 60_000);
  process.stdout.write(
    `simulated: ${minutes} minutes, ${seeds} seeds (${FIXED_SEEDS} fixed, the others from base seed ${base}), ${calls} calls\n`,
  );
  expect(failures).toEqual([]);
});

test('the checkers could decide nearly everything', () => {
  expect(searches).toBeGreaterThan(SIMULATED_MINUTES);
  expect(undecided).toBeLessThan(searches / 100);
});

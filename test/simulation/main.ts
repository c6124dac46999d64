import { randomInt } from 'node:crypto';
import { type SimulateArguments, simulateArguments, USAGE } from './arguments.js';
import { describeFault, FAULT_KINDS } from './faults.js';
import { runScenario, type ScenarioOptions, type ScenarioReport } from './scenario.js';
import { replayCommand, shrink } from './shrink.js';

/** A run that fails so often has found one thing, and shows it. */
const FAILURES_MAX = 5;

/** Runs the simulator from the command line: one seed with its trace, or fresh seeds for a while. */
async function main(args: readonly string[]): Promise<number> {
  let asked: SimulateArguments;
  try {
    asked = simulateArguments(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  return asked.seed === undefined ? runFor(asked, asked.minutes!) : replay(asked, asked.seed);
}

function optionsOf({ episodes, kinds, without }: SimulateArguments, seed: number): ScenarioOptions {
  return {
    seed,
    without,
    ...(episodes === undefined ? {} : { episodes }),
    ...(kinds === FAULT_KINDS ? {} : { kinds }),
  };
}

async function replay(asked: SimulateArguments, seed: number): Promise<number> {
  let options = optionsOf(asked, seed);
  if (asked.shrinks) {
    const failed = await runScenario(options);
    if (failed.violations.length > 0) options = await shrink(options, failed);
  }
  const trace: string[] = [];
  let isOver = false;
  const onTrace = (line: string): void => {
    // What comes after the first failure explains nothing.
    if (isOver) return;
    isOver = line.includes('VIOLATION');
    if (trace.push(line) > asked.lines) trace.shift();
  };
  const report = await runScenario({ ...options, onTrace });
  console.log(trace.join('\n'));
  console.log(`\n${summaryOf(report)}`);
  for (const [index, fault] of report.faults.entries()) {
    if (options.without?.has(index) !== true) console.log(`  fault ${index}: ${describeFault(fault)}`);
  }
  tellFailures(report, options);
  return report.violations.length > 0 ? 1 : 0;
}

async function runFor(asked: SimulateArguments, minutes: number): Promise<number> {
  const base = randomInt(2 ** 31);
  const end = Date.now() + minutes * 60_000;
  console.log(`base seed ${base}`);
  let seeds = 0;
  let failures = 0;
  let simulatedMs = 0;
  let undecided = 0;
  for (; Date.now() < end && failures < FAILURES_MAX; seeds++) {
    const options = optionsOf(asked, base + seeds);
    const report = await runScenario(options);
    simulatedMs += report.simulatedMs;
    undecided += report.undecided;
    if (report.violations.length === 0) continue;
    failures++;
    tellFailures(report, options);
  }
  const simulated = `${Math.round(simulatedMs / 60_000)} simulated minutes`;
  console.log(`${seeds} seeds, ${simulated}, ${failures} failures, ${undecided} undecided searches`);
  return failures > 0 ? 1 : 0;
}

function summaryOf({ seed, simulatedMs, calls, succeeded, faults, violations }: ScenarioReport): string {
  const simulated = `${(simulatedMs / 60_000).toFixed(1)} simulated minutes`;
  return `seed ${seed}: ${simulated}, ${calls} calls (${succeeded} succeeded), ${faults.length} faults, ${violations.length} violations`;
}

function tellFailures({ violations }: ScenarioReport, options: ScenarioOptions): void {
  for (const { checker, message, at } of violations.slice(0, 3)) {
    console.log(`${checker} at ${(at / 1000).toFixed(3)} ms: ${message}`);
  }
  if (violations.length > 0) console.log(`to replay: ${replayCommand(options)}`);
}

process.exitCode = await main(process.argv.slice(2));

import { writeFileSync } from 'node:fs';
import { microMarkdown, runMicro } from './micro/run-micro.js';
import { DOCUMENT_BYTES, DOCUMENTS } from './src/documents.js';
import { Evidence } from './src/evidence.js';
import { describeMachine } from './src/machine.js';
import { type Options, readOptions, USAGE } from './src/options.js';
import { makePlan } from './src/plan.js';
import { asMarkdown, type Report } from './src/report.js';
import { runGroup, type WorkloadLaps } from './src/run.js';
import { runScenes, titled } from './src/scenes.js';
import { summarize } from './src/summary.js';
import { outcomesOf } from './src/targets.js';

const PATIENCE_MS = 30_000;

await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  let options: Options;
  try {
    options = readOptions(args);
  } catch (error) {
    console.error((error as Error).message);
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  if (options.help) {
    console.log(USAGE);
    return;
  }
  if (options.micro) {
    const tables = runMicro(options.rounds, options.quick);
    print(options, microMarkdown(tables), { micro: tables });
  } else {
    const report = await measure(options);
    print(options, asMarkdown(report), report);
  }
}

function print({ json }: Options, markdown: string, results: object): void {
  console.log(markdown);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, undefined, 2)}\n`);
}

async function measure(options: Options): Promise<Report> {
  const { quick, rounds, parts } = options;
  const startedAt = new Date().toISOString();
  const machine = await describeMachine(quick ? 0 : PATIENCE_MS);
  const { groups, notes } = makePlan(options);
  const progress = (line: string): void => console.error(line);
  const laps: WorkloadLaps[] = [];
  for (const group of parts.includes('layers') ? groups : []) {
    laps.push(...(await runGroup(group, rounds, options, progress)));
  }
  const scenes = parts.includes('scenes') ? await runScenes({ rounds, quick, progress }) : {};
  return {
    size: quick ? 'quick' : 'full',
    startedAt,
    rounds,
    machine,
    document: { bytes: DOCUMENT_BYTES, count: DOCUMENTS },
    notes,
    targets: outcomesOf(new Evidence(laps, scenes)),
    tables: laps.map(summarize),
    scenes: titled(scenes),
  };
}

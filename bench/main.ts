import { writeFileSync } from 'node:fs';
import { microMarkdown, runMicro } from './micro/run-micro.js';
import { DOCUMENT_BYTES, DOCUMENTS } from './src/documents.js';
import { describeMachine } from './src/machine.js';
import { type Options, readOptions, USAGE } from './src/options.js';
import { makePlan } from './src/plan.js';
import { asMarkdown, type Report } from './src/report.js';
import { runGroup } from './src/run.js';
import { summarize, type Table } from './src/summary.js';

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
    const report = await measureLayers(options);
    print(options, asMarkdown(report), report);
  }
}

function print({ json }: Options, markdown: string, results: object): void {
  console.log(markdown);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, undefined, 2)}\n`);
}

async function measureLayers(options: Options): Promise<Report> {
  const { quick, rounds } = options;
  const startedAt = new Date().toISOString();
  const machine = await describeMachine(quick ? 0 : PATIENCE_MS);
  const { groups, notes } = makePlan(options);
  const tables: Table[] = [];
  for (const group of groups) {
    const laps = await runGroup(group, rounds, options, (line) => console.error(line));
    tables.push(...laps.map(summarize));
  }
  return {
    size: quick ? 'quick' : 'full',
    startedAt,
    rounds,
    machine,
    document: { bytes: DOCUMENT_BYTES, count: DOCUMENTS },
    notes,
    tables,
  };
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { microMarkdown, runMicro } from './micro/run-micro.js';
import { latency } from './scenes/latency.js';
import { queries } from './scenes/queries.js';
import { shape } from './scenes/shape.js';
import { stalled } from './scenes/stalled.js';
import { DOCUMENT_BYTES, DOCUMENTS } from './src/documents.js';
import { Evidence } from './src/evidence.js';
import { describeMachine } from './src/machine.js';
import { type Options, readOptions, USAGE } from './src/options.js';
import { makePlan } from './src/plan.js';
import { latencyPlot, throughputPlot } from './src/plots.js';
import { asMarkdown, type Report } from './src/report.js';
import { runGroup, type WorkloadLaps } from './src/run.js';
import { runScenes, titled } from './src/scenes.js';
import { summarize } from './src/summary.js';
import { outcomesOf } from './src/targets.js';

const PATIENCE_MS = 30_000;
const STALLED = 'Others, while a node stalls or reads slowly, or rows are not read';

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
    if (options.plots !== undefined) draw(options.plots, report);
  }
}

function print({ json }: Options, markdown: string, results: object): void {
  console.log(markdown);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, undefined, 2)}\n`);
}

function draw(directory: string, { curves, latency }: Report): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'throughput.svg'), throughputPlot(curves));
  if (latency !== undefined) writeFileSync(join(directory, 'latency.svg'), latencyPlot(latency.curves));
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
  const sceneOptions = { rounds, quick, progress };
  const scenes = parts.includes('scenes') ? await runScenes(sceneOptions, options.scenes) : {};
  const hasShape = parts.includes('shape');
  const curves = hasShape ? await shape(sceneOptions) : [];
  const latencies = hasShape ? await latency(sceneOptions) : undefined;
  const others = hasShape ? [{ title: STALLED, ...(await stalled(sceneOptions)) }] : [];
  const statements = parts.includes('queries') ? await queries(sceneOptions) : [];
  return {
    size: quick ? 'quick' : 'full',
    startedAt,
    rounds,
    machine,
    document: { bytes: DOCUMENT_BYTES, count: DOCUMENTS },
    notes,
    targets: outcomesOf(new Evidence(laps, scenes)),
    tables: laps.map(summarize),
    scenes: [...titled(scenes), ...others, ...statements],
    curves,
    latency: latencies,
  };
}

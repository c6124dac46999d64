import type { Contender, ContenderModule, ContenderName, ServerAddress } from './contender.js';
import type { Load } from './load.js';
import { type MeasuredLap, measureLap } from './measured-lap.js';

/** What the parent asks of a contender's process, one at a time; it disconnects to end it. */
export type WorkerRequest = { readonly open: ContenderName; readonly server: ServerAddress } | { readonly run: Load };

/** The answer to a request. */
export type WorkerAnswer = { readonly lap: LapTimes | undefined } | { readonly failure: string };

export interface LapTimes extends Omit<MeasuredLap, 'latencies'> {
  /** Only for loads with one operation in flight. */
  readonly p50Usecs: number | undefined;
  readonly p99Usecs: number | undefined;
}

let contender: Contender | undefined;

process.on('message', (request: WorkerRequest) => void answer(request));
process.on('disconnect', () => void leave());

async function answer(request: WorkerRequest): Promise<void> {
  let reply: WorkerAnswer;
  try {
    reply = { lap: await carryOut(request) };
  } catch (error) {
    reply = { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  process.send!(reply);
}

async function carryOut(request: WorkerRequest): Promise<LapTimes | undefined> {
  if ('run' in request) return lap(request.run);
  const module: ContenderModule = await import(`./contenders/${request.open}.js`);
  contender = await module.open(request.server);
  return undefined;
}

/** Some clients keep timers and threads even when they are closed. */
async function leave(): Promise<void> {
  await contender?.close();
  process.exit();
}

async function lap(load: Load): Promise<LapTimes> {
  const { latencies, ...times } = await measureLap(contender!, load, load.inFlight === 1);
  return { ...times, p50Usecs: latencies.percentile(0.5), p99Usecs: latencies.percentile(0.99) };
}

import { afterBlock, deadlines } from '../scenes/deadlines.js';
import { heldMemory } from '../scenes/held-memory.js';
import type { SceneOptions, SceneResult } from '../scenes/scene.js';
import { startUp } from '../scenes/start-up.js';
import { streamMemory } from '../scenes/stream-memory.js';
import { viewRows } from '../scenes/view-rows.js';
import { waiting } from '../scenes/waiting.js';
import type { TitledScene } from './report.js';

interface SceneInfo {
  readonly title: string;
  readonly run: (options: SceneOptions) => Promise<SceneResult>;
}

/** What is measured besides operations in flight. */
export const SCENES = {
  viewRows: { title: 'View rows', run: viewRows },
  streamMemory: { title: 'Memory while 1 GB of view rows is streamed', run: streamMemory },
  startUp: { title: 'Import and first operation', run: startUp },
  heldMemory: { title: 'Memory held by 10,000 operations in flight', run: heldMemory },
  fewFromDisk: { title: 'Gets from disk, 64 in flight', run: waiting('fewFromDisk') },
  manyFromDisk: { title: 'Gets from disk, 256 in flight', run: waiting('manyFromDisk') },
  majority: { title: 'Durable upserts, majority', run: waiting('majority') },
  persist: { title: 'Durable upserts, persisted', run: waiting('persist') },
  besideDurable: { title: 'Gets next to durable upserts', run: waiting('besideDurable') },
  manyDurable: { title: 'Durable upserts next to gets', run: waiting('manyDurable') },
  frozenReplica: { title: 'Gets while a durable upsert waits for a frozen replica', run: waiting('frozenReplica') },
  busyServer: { title: 'How late deadlines are in a busy web server', run: deadlines('busyServer') },
  longTurns: { title: 'How late deadlines are while every turn takes 60 ms', run: deadlines('longTurns') },
  afterBlock: { title: 'Answers lost while the event loop is blocked', run: afterBlock },
  pendingVbucket: { title: 'Gets while a get waits for a pending vbucket', run: waiting('pendingVbucket') },
} as const satisfies Readonly<Record<string, SceneInfo>>;

export type SceneName = keyof typeof SCENES;

export type SceneResults = Readonly<Partial<Record<SceneName, SceneResult>>>;

/** Runs one after the other. */
export async function runScenes(options: SceneOptions): Promise<SceneResults> {
  const results: Partial<Record<SceneName, SceneResult>> = {};
  for (const [name, { run }] of Object.entries(SCENES)) results[name as SceneName] = await run(options);
  return results;
}

/** The same, to be read in order. */
export function titled(results: SceneResults): TitledScene[] {
  return Object.entries(results).map(([name, result]) => ({ title: SCENES[name as SceneName].title, ...result }));
}

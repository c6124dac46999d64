import { afterBlock, deadlines } from '../scenes/deadlines.js';
import { heldMemory } from '../scenes/held-memory.js';
import type { SceneOptions, SceneResult } from '../scenes/scene.js';
import { startUp } from '../scenes/start-up.js';
import { streamMemory } from '../scenes/stream-memory.js';
import { viewRows } from '../scenes/view-rows.js';
import { waiting } from '../scenes/waiting.js';
import type { TitledScene } from './report.js';
import { SCENE_NAMES, SCENE_TITLES, type SceneName } from './scene-titles.js';

/** What is measured besides operations in flight. */
const SCENES: Readonly<Record<SceneName, (options: SceneOptions) => Promise<SceneResult>>> = {
  viewRows,
  streamMemory,
  startUp,
  heldMemory,
  fewFromDisk: waiting('fewFromDisk'),
  manyFromDisk: waiting('manyFromDisk'),
  majority: waiting('majority'),
  persist: waiting('persist'),
  besideDurable: waiting('besideDurable'),
  manyDurable: waiting('manyDurable'),
  frozenReplica: waiting('frozenReplica'),
  busyServer: deadlines('busyServer'),
  longTurns: deadlines('longTurns'),
  afterBlock,
  pendingVbucket: waiting('pendingVbucket'),
};

export type SceneResults = Readonly<Partial<Record<SceneName, SceneResult>>>;

/** Runs one after the other: those that are named, or all. */
export async function runScenes(
  options: SceneOptions,
  names: readonly SceneName[] = SCENE_NAMES,
): Promise<SceneResults> {
  const results: Partial<Record<SceneName, SceneResult>> = {};
  for (const name of names) results[name] = await SCENES[name](options);
  return results;
}

/** The same, to be read in order. */
export function titled(results: SceneResults): TitledScene[] {
  return Object.entries(results).map(([name, result]) => ({ title: SCENE_TITLES[name as SceneName], ...result }));
}

import { NAVIGATION } from './navigation.js';
import { RANKING } from './ranking.js';
import type { WindowFunctionSpec } from './window-function-spec.js';

const BY_NAME: ReadonlyMap<string, WindowFunctionSpec> = new Map(
  [...RANKING, ...NAVIGATION].map((spec) => [spec.name, spec]),
);

/** Finds a function that exists with OVER only, by its name in lower case. */
export function findWindowFunction(name: string): WindowFunctionSpec | undefined {
  return BY_NAME.get(name);
}

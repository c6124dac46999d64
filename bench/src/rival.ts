import { createRequire } from 'node:module';
import { type ContenderName, contenderInfo } from './contender.js';

const require = createRequire(import.meta.url);

/**
 * Loads a package that need not be installed. `T` describes the little of it that is used, so that the benchmark
 * compiles without it.
 */
export async function loadRival<T>(name: string): Promise<T> {
  const loaded: T & { readonly default?: T } = await import(name);
  return loaded.default ?? loaded;
}

/** The version of a package; undefined when it is not installed. */
export function versionOf(name: string): string | undefined {
  try {
    return require(`${name}/package.json`).version;
  } catch {
    return undefined;
  }
}

/** Says that a contender is left out, when the package that it needs is not installed. */
export function missingPackage(contender: ContenderName): string | undefined {
  const { title, needs } = contenderInfo(contender);
  if (needs === undefined || versionOf(needs) !== undefined) return undefined;
  return `The package ${needs} is not installed: ${title} is left out.`;
}

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

/** The top directory of the repository. */
export const repositoryRoot = resolve(__dirname, '../..');

/** The packages, each with those it may import: only what is below it. */
export const packagesBelow: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  sqlpp: [],
  raw: ['protocol'],
  views: ['raw'],
  promise: ['raw', 'views'],
  embedded: ['protocol', 'sqlpp'],
  cli: ['protocol', 'sqlpp', 'raw', 'views', 'promise', 'embedded'],
};

export const packageNames: readonly string[] = Object.keys(packagesBelow);

/** Directories that are never part of the project: what git keeps, what is installed, what is built. */
const notOurs = new Set(['.git', 'node_modules', 'dist', 'coverage']);

/** The names in a directory of the repository, without what is installed or built. */
export function listDirectory(path: string): string[] {
  return readdirSync(join(repositoryRoot, path)).filter((name) => !notOurs.has(name));
}

/** All files below a directory of the repository, as paths from its root with forward slashes, sorted. */
export function listFiles(path = '.'): string[] {
  const directory = join(repositoryRoot, path);
  const files: string[] = [];
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (notOurs.has(entry.name) || entry.name.endsWith('.tsbuildinfo')) continue;
    const full = join(directory, entry.name);
    const name = relative(repositoryRoot, full).split(sep).join('/');
    if (entry.isDirectory()) files.push(...listFiles(name));
    else if (entry.isFile()) files.push(name);
  }
  return files.sort();
}

export function readText(path: string): string {
  return readFileSync(join(repositoryRoot, path), 'utf8');
}

/** Where a condition of an entry leads to. */
export interface Target {
  readonly types: string;
  readonly default: string;
}

/** The parts of a package.json that the house tests look at. */
export interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
  readonly main?: string;
  readonly types?: string;
  /** For each entry its conditions, in the order in which they are tried. */
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string | Target>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export function readPackageJson(directory: string): PackageJson {
  return JSON.parse(readText(`${directory}/package.json`));
}

/** The files that an entry of a package leads to under any condition. */
export function targetsOf(name: string, entry: string): string[] {
  const conditions = readPackageJson(`packages/${name}`).exports?.[entry] ?? {};
  return Object.values(conditions).flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)));
}

/** The ES module that an entry of a package leads to. */
export function moduleOf(name: string, entry = '.'): string {
  const target = readPackageJson(`packages/${name}`).exports?.[entry]?.['default'];
  if (typeof target !== 'string') throw new Error(`@cb/${name} has no default module for ${entry}`);
  return target;
}

/** Whether a file of a package, as `./dist/index.js`, is among those that its package.json publishes. */
export function isPublished(name: string, path: string): boolean {
  const { files = [] } = readPackageJson(`packages/${name}`);
  const isCovered = (pattern: string): boolean => {
    const parts = pattern.split(/(\*\*\/|\*)/).map((part) => {
      if (part === '**/') return '(?:.*/)?';
      return part === '*' ? '[^/]*' : part.replaceAll('.', '\\.');
    });
    return new RegExp(`^\\./${parts.join('')}(?:/|$)`).test(path);
  };
  const excluded = files.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  return files.some(isCovered) && !excluded.some(isCovered);
}

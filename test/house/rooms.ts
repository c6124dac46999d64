import { dirname, join } from 'node:path/posix';
import type { ImportGraph } from './cycles.js';
import { type ImportKind, importsOf, staticImportsOf } from './imports.js';
import { listFiles, readText } from './repository.js';

/**
 * The rooms of a package: the folders of its `src`, from the lowest up. A file imports from its own room and from those
 * that stand before it. The files of `src` itself are the entries: they import everything, and no room imports them.
 */
export const rooms: Readonly<Record<string, readonly string[]>> = {
  sqlpp: [
    'time',
    'values',
    'text',
    'syntax',
    'keyspaces',
    'definitions',
    'functions',
    'aggregates',
    'windows',
    'infer',
    'expressions',
    'errors',
    'names',
    'indexes',
    'execute',
    'plan',
    'statement',
  ],
  raw: [
    'iops',
    'time',
    'values',
    'results',
    'operation',
    'connection',
    'routing',
    'subdoc',
    'operations',
    'scan',
    'multi',
    'bucket',
    'simulation',
    'conformance',
  ],
  embedded: [
    'base',
    'time',
    'tls',
    'net',
    'store',
    'config',
    'auth',
    'subdoc',
    'views',
    'faults',
    'kv',
    'http',
    'query',
    'cluster',
  ],
  cli: ['terminal', 'arguments', 'session', 'documents', 'pillowfight', 'query', 'commands'],
};

/** The source files of a package, as paths below its `src`. */
export function sourcesOf(name: string): string[] {
  const source = `packages/${name}/src/`;
  return listFiles(source)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(source.length));
}

/** Which source files of a package import which: by value those without which a module cannot be loaded, or all. */
export function importGraph(name: string, kind: ImportKind | 'any'): ImportGraph {
  const files = sourcesOf(name);
  const known = new Set(files);
  const targets = (file: string): string[] =>
    staticImportsOf(readText(`packages/${name}/src/${file}`), kind)
      .map((specifier) => targetOf(file, specifier))
      .filter((target) => known.has(target));
  return new Map(files.map((file) => [file, new Set(targets(file))]));
}

/** The imports of a file that lead out of the order of the rooms, as sentences. */
export function upwardImports(order: readonly string[], file: string, text: string): string[] {
  const own = order.indexOf(roomOf(file));
  if (roomOf(file) === '') return [];
  return importsOf(text)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => targetOf(file, specifier))
    .filter((target) => !target.startsWith('../'))
    .filter((target) => roomOf(target) === '' || order.indexOf(roomOf(target)) > own)
    .map((target) => `${file} imports ${target}: ${roomOf(target) || 'an entry'} is not below ${roomOf(file)}`);
}

/** The first folder of a path below `src`; empty for a file of `src` itself. */
export function roomOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : '';
}

function targetOf(file: string, specifier: string): string {
  return join(dirname(file), specifier).replace(/\.js$/, '.ts');
}

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Rolldown } from 'tsdown';
import ts from 'typescript';

/**
 * Makes an entry import what the main entry of its package contains from there, so that a class is the same one in both,
 * and the main entry stays one file. All names that the entry takes must be exported by the main one.
 */
export function takeFromMain(directory: string, format: string): Rolldown.Plugin {
  const contained = sourcesFrom(join(directory, 'src/index.ts'));
  const internal = join(directory, 'src/internal.ts');
  if (existsSync(internal)) sourcesFrom(internal, contained);
  const main = format === 'cjs' ? './index.cjs' : './index.js';
  return {
    name: 'take-from-main',
    resolveId(specifier, importer) {
      if (importer === undefined || !specifier.startsWith('.')) return null;
      return contained.has(sourceOf(specifier, importer)) ? { id: main, external: true } : null;
    },
  };
}

/** A source file and all that it imports from its own package. */
function sourcesFrom(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'));
  const local = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith('.'));
  for (const specifier of local) sourcesFrom(sourceOf(specifier, file), found);
  return found;
}

function sourceOf(specifier: string, importer: string): string {
  return resolve(importer, '..', specifier).replace(/\.js$/, '.ts');
}

import { dirname, join } from 'node:path/posix';
import { staticImportsOf } from './imports.js';
import { readText } from './repository.js';

/** What is imported, at once, by the sources that a source leads to. */
function importedWith(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  return staticImportsOf(readText(file)).flatMap((specifier) =>
    specifier.startsWith('.')
      ? importedWith(join(dirname(file), specifier.replace(/\.js$/, '.ts')), seen)
      : [specifier],
  );
}

test('cb loads a client or a cluster only for the command that needs it', () => {
  const imported = new Set([
    ...importedWith('packages/cli/src/index.ts'),
    ...importedWith('packages/cli/src/commands/version.ts'),
  ]);
  expect([...imported].filter((specifier) => !specifier.startsWith('node:'))).toEqual([]);
});

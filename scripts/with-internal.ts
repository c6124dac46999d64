import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rolldown } from 'tsdown';

/**
 * Makes the main entry of a package export what its `internal` entry does, too: both entries lead to the one file, as a
 * file of its own would take half a millisecond to load. Their declarations say which names belong to which.
 */
export function withInternal(directory: string): Rolldown.Plugin {
  const main = join(directory, 'src/index.ts');
  const hasInternal = existsSync(join(directory, 'src/internal.ts'));
  return {
    name: 'with-internal',
    load(id) {
      return hasInternal && id === main ? `${readFileSync(id, 'utf8')}\nexport * from './internal.js';\n` : null;
    },
  };
}

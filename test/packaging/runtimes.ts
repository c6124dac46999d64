import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A runtime other than the one that runs the tests. */
export interface Runtime {
  readonly name: string;
  /** Where its program is in the folder with the runtimes. */
  readonly program: string;
  readonly args: readonly string[];
}

export const runtimes: readonly Runtime[] = [
  { name: 'Node 22', program: 'node-22/bin/node', args: [] },
  { name: 'Node 24', program: 'node-24/bin/node', args: [] },
  { name: 'Bun', program: '@oven/bun-linux-x64/bin/bun', args: [] },
  { name: 'Deno', program: '@deno/linux-x64-glibc/deno', args: ['run', '--allow-all'] },
];

/** The folder with the runtimes, as `.ci/run` installs them from npm's packages. */
const directory = process.env['CB_RUNTIMES'];

export const haveRuntimes = directory !== undefined;

export function programOf({ program }: Runtime): string {
  const file = join(directory!, 'node_modules', program);
  if (!existsSync(file)) throw new Error(`${file} is missing`);
  return file;
}

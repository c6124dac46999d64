import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '../house/repository.js';

/** A scene that takes longer hangs. */
export const SCENE_MS_MAX = 60_000;

/** Runs the quick size of a compiled scene to its end, as the benchmark does. `told` is what it printed for people. */
export function runScene<T>(
  file: string,
  name: string,
  rounds: number,
): { readonly result: T; readonly told: string[] } {
  const url = pathToFileURL(join(repositoryRoot, `bench/dist/scenes/${file}.js`));
  const program = `
    import { ${name} } from ${JSON.stringify(url)};
    const told = [];
    const result = await ${name}({ rounds: ${rounds}, quick: true, progress: (line) => told.push(line) });
    console.log(JSON.stringify({ result, told }));
  `;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    timeout: SCENE_MS_MAX,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { listFiles, readPackageJson, readText, repositoryRoot } from './repository.js';

const slowFiles: readonly string[] = require('../effort/slow-files.cjs');
const testFiles = ['packages', 'test']
  .flatMap((directory) => listFiles(directory))
  .filter((file) => file.endsWith('.test.ts'));

test('every test that is listed as slow is there', () => {
  expect(slowFiles.filter((beginning) => !testFiles.some((file) => file.startsWith(beginning)))).toEqual([]);
});

test('the quick tests are all but the slow ones', () => {
  const { scripts } = readPackageJson('.');
  const [program, ...args] = scripts!['test:quick']!.split(' ');
  expect([program, scripts!['pretest:quick']]).toEqual(['jest', 'npm run build']);
  const jest = join(repositoryRoot, 'node_modules/jest/bin/jest.js');
  const { stdout, stderr } = spawnSync(process.execPath, [jest, ...args, '--listTests', '--json'], {
    cwd: repositoryRoot,
    encoding: 'utf8',
  });
  if (!stdout.startsWith('[')) throw new Error(stderr);
  const quick = testFiles.filter((file) => !slowFiles.some((beginning) => file.startsWith(beginning)));
  const paths: string[] = JSON.parse(stdout);
  expect(paths.map((path) => path.slice(repositoryRoot.length + 1).replaceAll('\\', '/')).sort()).toEqual(quick.sort());
});

test('continuous integration takes the long proofs whole', () => {
  expect(readText('.ci/run')).toMatch(/^export CI=true /m);
});

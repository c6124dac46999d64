import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { effort } from '../effort/effort.js';
import { packageNames, readPackageJson, readText, repositoryRoot } from '../house/repository.js';
import { bundle, bundlers } from './bundlers.js';
import { InstalledPackages } from './installed-packages.js';
import {
  COMMONJS_PROGRAM,
  ESM_PROGRAM,
  PRINTED,
  README_COMMONJS,
  README_ESM,
  README_PRINTED,
  README_TYPED_COMMONJS,
  TEST_BODY,
  TYPED_PROGRAM,
} from './programs.js';
import { haveRuntimes, programOf, runtimes } from './runtimes.js';

const minute = 60_000;
jest.setTimeout(5 * minute);

const node = process.execPath;
const bin = (name: string): string => join(repositoryRoot, 'node_modules/.bin', name);
const jestProgram = join(repositoryRoot, 'node_modules/jest/bin/jest.js');
const ownBin = (name: string): string => join(repositoryRoot, 'test/node_modules/.bin', name);

let installed: InstalledPackages;

beforeAll(() => {
  installed = new InstalledPackages();
});

afterAll(() => installed.remove());

test.each(packageNames)('the tarball of %s has its licence and no source maps', (name) => {
  const tarball = installed.tarballs.find((file) => file.includes(`cb-${name}-`))!;
  const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).split('\n');
  expect(files).toEqual(expect.arrayContaining(['package/LICENSE', 'package/README.md', 'package/dist/index.js']));
  expect(files.filter((file) => file.endsWith('.map') || file.startsWith('package/src'))).toEqual([]);
});

test.each(packageNames)('publint and arethetypeswrong find nothing to complain of in %s', (name) => {
  const tarball = installed.tarballs.find((file) => file.includes(`cb-${name}-`))!;
  expect(installed.run(bin('publint'), 'run', tarball, '--strict')).toContain('All good!');
  expect(installed.run(bin('attw'), tarball, '--format', 'ascii')).toContain('No problems found');
});

test('what an application installs is small', () => {
  const kilobytes = (...names: readonly string[]): number =>
    names
      .map((name) => execFileSync('du', ['-sk', '--apparent-size', join(installed.directory, 'node_modules', name)]))
      .reduce((sum, output) => sum + Number.parseInt(String(output), 10), 0);
  const client = kilobytes('@cb/protocol', '@cb/raw', '@cb/views', '@cb/promise', 'snappyjs');
  expect(client).toBeLessThan(1500);
  expect(kilobytes('@cb/embedded', '@cb/protocol', '@cb/sqlpp', 'snappyjs')).toBeLessThan(3500);
});

describe('a program', () => {
  test('runs as ES module', () => {
    installed.write('program.mjs', ESM_PROGRAM);
    expect(installed.run(node, 'program.mjs')).toBe(`${PRINTED}\n`);
  });

  test('runs as CommonJS', () => {
    installed.write('program.cjs', COMMONJS_PROGRAM);
    expect(installed.run(node, 'program.cjs')).toBe(`${PRINTED}\n`);
  });

  test('of the README runs as ES module and as CommonJS', () => {
    installed.write('readme.mjs', README_ESM);
    installed.write('readme.cjs', README_COMMONJS);
    expect(installed.run(node, 'readme.mjs')).toBe(README_PRINTED);
    expect(installed.run(node, 'readme.cjs')).toBe(README_PRINTED);
  });

  test.each([
    ['ES module', 'typed.mts', README_ESM],
    ['CommonJS', 'typed.cts', README_TYPED_COMMONJS],
  ])('of the README runs as strict TypeScript that becomes %s', (_kind, file, text) => {
    installed.write(file, text);
    installed.provideTypes();
    const tsc = join(repositoryRoot, 'node_modules/typescript/bin/tsc');
    const options = ['--strict', '--target', 'es2022', '--lib', 'es2023,esnext.disposable', '--types', 'node'];
    expect(installed.run(node, tsc, ...options, '--module', 'nodenext', '--skipLibCheck', 'false', file)).toBe('');
    expect(installed.run(node, file.replace('ts', 'js'))).toBe(README_PRINTED);
  });

  test('is served by the command that the README names', () => {
    expect(readText('README.md')).toContain('\n    npx @cb/cli serve ');
    const { version } = readPackageJson('packages/cli');
    expect(installed.run('npx', '--offline', '@cb/cli', 'version')).toContain(version);
  });

  test('has one copy of each package, whether it imports or requires it', () => {
    installed.write(
      'copies.mjs',
      `import { createRequire } from 'node:module';
       const require = createRequire(import.meta.url);
       const same = [];
       for (const name of ${JSON.stringify(packageNames.map((each) => `@cb/${each}`))}) {
         const [imported, required] = [await import(name), require(name)];
         same.push(Object.keys(imported).every((key) => imported[key] === required[key]));
       }
       console.log(same.join());`,
    );
    expect(installed.run(node, 'copies.mjs').trim()).toBe(packageNames.map(() => 'true').join());
  });
});

describe('strict TypeScript', () => {
  const compilers = effort(['typescript'], ['typescript-5.4', 'typescript', 'typescript-7']);
  const resolutions = [
    ['node16', 'node16', 'program.mts'],
    ['node16', 'node16', 'program.cts'],
    ['nodenext', 'nodenext', 'program.mts'],
    ['nodenext', 'nodenext', 'program.cts'],
    ['esnext', 'bundler', 'program.mts'],
    ['commonjs', 'node10', 'program.cts'],
  ] as const;

  beforeAll(() => {
    installed.write('program.mts', TYPED_PROGRAM);
    installed.write('program.cts', TYPED_PROGRAM);
    installed.provideTypes();
  });

  const cases = compilers.flatMap((compiler) =>
    resolutions
      // TypeScript 7 has no resolution of before \`exports\` any more.
      .filter(([, resolution]) => compiler !== 'typescript-7' || resolution !== 'node10')
      .map(([module, resolution, file]) => ({ compiler, module, resolution, file })),
  );

  test.each(cases)('$compiler compiles $file, resolved as by $resolution', ({ compiler, module, resolution, file }) => {
    const where = compiler === 'typescript' ? 'node_modules' : 'test/node_modules';
    const tsc = join(repositoryRoot, where, compiler, 'bin/tsc');
    const options = ['--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2023,esnext.disposable'];
    const late = compiler === 'typescript' && resolution === 'node10' ? ['--ignoreDeprecations', '6.0'] : [];
    const how = ['--module', module, '--moduleResolution', resolution, '--skipLibCheck', 'false', '--types', 'node'];
    expect(installed.run(node, tsc, ...options, ...how, ...late, file)).toBe('');
  });
});

describe('a test passes in', () => {
  beforeAll(() => installed.provideTypes());

  test('Jest without any configuration, which takes CommonJS', () => {
    installed.write('default.test.js', `${requires} test('works', async () => { ${TEST_BODY} });`);
    installed.run(node, jestProgram, '--rootDir', '.', 'default.test.js');
  });

  test('Jest with ts-jest', () => {
    const config = {
      preset: 'ts-jest',
      rootDir: '.',
      transform: { '^.+\\.ts$': [require.resolve('ts-jest'), { diagnostics: false }] },
    };
    installed.write('typed.test.ts', `${imports} test('works', async () => { ${TEST_BODY} });`);
    installed.run(node, jestProgram, '--config', JSON.stringify({ ...config, preset: undefined }), 'typed.test.ts');
  });

  test('Jest with ES modules', () => {
    installed.write('module.test.mjs', `${imports} test('works', async () => { ${TEST_BODY} });`);
    const config = JSON.stringify({ rootDir: '.', transform: {}, testMatch: ['**/module.test.mjs'] });
    installed.run(node, '--experimental-vm-modules', jestProgram, '--config', config);
  });

  test.each(['forks', 'threads'])('vitest, in %s', (pool) => {
    installed.write(
      'vitest.spec.mjs',
      `import { expect, test } from 'vitest'; ${imports} test('works', async () => { ${TEST_BODY} });`,
    );
    installed.provide('vitest');
    installed.run(ownBin('vitest'), 'run', '--pool', pool, 'vitest.spec.mjs');
  });

  test("Node's own runner", () => {
    const program = `import test from 'node:test'; import assert from 'node:assert'; ${imports}
      const expect = (actual) => ({ toEqual: (expected) => assert.deepStrictEqual(actual, expected) });
      test('works', async () => { ${TEST_BODY} });`;
    installed.write('own.mjs', program);
    installed.run(node, '--test', 'own.mjs');
  });
});

const otherRuntimes = haveRuntimes ? describe : describe.skip;

otherRuntimes.each(runtimes)('$name runs', (runtime) => {
  test.each([
    ['program.mjs', ESM_PROGRAM, PRINTED],
    ['program.cjs', COMMONJS_PROGRAM, PRINTED],
    ['readme.mjs', README_ESM, README_PRINTED],
    ['readme.cjs', README_COMMONJS, README_PRINTED],
  ])('%s', (file, text, printed) => {
    installed.write(file, text);
    // Runtimes break the lines of an object differently.
    const onOneLine = (output: string): string => output.trim().replace(/,?\s+/g, ' ');
    expect(onOneLine(installed.run(programOf(runtime), ...runtime.args, file))).toBe(onOneLine(printed));
  });
});

describe('an application with the cluster in it, bundled by', () => {
  test.each(effort(bundlers.slice(0, 3), bundlers))('$name, works without the packages', (bundler) => {
    installed.write('program.mjs', ESM_PROGRAM);
    installed.write('program.cjs', COMMONJS_PROGRAM);
    if (bundler.config !== undefined) installed.write(bundler.config.file, bundler.config.text);
    bundle(bundler, installed.directory);
    // Elsewhere, where there are no packages to be found.
    const alone = mkdtempSync(join(tmpdir(), 'cb-bundled-'));
    renameSync(join(installed.directory, 'out'), join(alone, 'out'));
    writeFileSync(join(alone, 'package.json'), '{ "type": "module" }');
    try {
      expect(installed.run(node, join(alone, 'out', bundler.output))).toBe(`${PRINTED}\n`);
    } finally {
      rmSync(alone, { recursive: true });
    }
  });
});

const imports = `import { EmbeddedCluster } from '@cb/embedded'; import { connect, STALE_UPDATE_BEFORE } from '@cb/promise';`;
const requires = `const { EmbeddedCluster } = require('@cb/embedded'); const { connect, STALE_UPDATE_BEFORE } = require('@cb/promise');`;

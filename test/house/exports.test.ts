import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isPublished, packageNames, readPackageJson, repositoryRoot, targetsOf } from './repository.js';

/** Imports modules in a process of its own, from where every package can be seen; answers each one's error code. */
function importAll(specifiers: readonly string[]): (string | null)[] {
  const program = `
    const codes = [];
    for (const specifier of ${JSON.stringify(specifiers)}) {
      codes.push(await import(specifier).then(() => null, (error) => error.code ?? String(error)));
    }
    console.log(JSON.stringify(codes));`;
  const child = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: join(repositoryRoot, 'test'),
    encoding: 'utf8',
  });
  expect(child.stderr).toBe('');
  return JSON.parse(child.stdout);
}

const entries = packageNames.flatMap((name) =>
  Object.keys(readPackageJson(`packages/${name}`).exports ?? {}).map((entry) => ({
    name,
    entry,
    specifier: `@cb/${name}${entry.slice(1)}`,
  })),
);

test('every package has a main entry', () => {
  expect(entries.map(({ specifier }) => specifier)).toEqual(
    expect.arrayContaining(packageNames.map((name) => `@cb/${name}`)),
  );
});

test.each(entries)('$specifier leads to files that the package publishes', ({ name, entry }) => {
  for (const target of targetsOf(name, entry)) {
    expect({ target, isPublished: isPublished(name, target) }).toEqual({ target, isPublished: true });
    expect(existsSync(join(repositoryRoot, 'packages', name, target))).toBe(true);
  }
});

test.each(entries)('$specifier is found by import, by require, and as one copy by both', ({ name, entry }) => {
  const types = entry === '.' ? './dist/index' : entry.replace('./', './dist/');
  // One file has what applications see and what they do not: types alone tell them apart.
  const file = entry === './internal' ? './dist/index' : types;
  const module = { types: `${types}.d.ts`, default: `${file}.js` };
  expect(Object.entries(readPackageJson(`packages/${name}`).exports?.[entry] ?? {})).toEqual([
    ['module-sync', module],
    ['import', module],
    ['require', { types: `${types}.d.cts`, default: `${file}.cjs` }],
    ['default', module.default],
  ]);
});

test.each(packageNames)('%s is found where `exports` is not known', (name) => {
  expect(readPackageJson(`packages/${name}`)).toMatchObject({ main: './dist/index.cjs', types: './dist/index.d.cts' });
});

test.each(packageNames)('the programs of %s are files that it publishes', (name) => {
  const { bin = {} } = readPackageJson(`packages/${name}`);
  for (const target of Object.values(bin)) {
    expect({ target, isPublished: isPublished(name, target) }).toEqual({ target, isPublished: true });
    expect(existsSync(join(repositoryRoot, 'packages', name, target))).toBe(true);
  }
});

test('every entry can be imported', () => {
  const specifiers = entries.map(({ specifier }) => specifier);
  expect(importAll(specifiers)).toEqual(specifiers.map(() => null));
});

test('nothing else can be imported', () => {
  const specifiers = packageNames.flatMap((name) => [
    `@cb/${name}/dist/index.js`,
    `@cb/${name}/src/index.ts`,
    `@cb/${name}/package.json`,
  ]);
  expect(importAll(specifiers)).toEqual(specifiers.map(() => 'ERR_PACKAGE_PATH_NOT_EXPORTED'));
});

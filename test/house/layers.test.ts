import { exportedNames, importFaults, importsOf, type Surroundings } from './imports.js';
import { listFiles, packageNames, packagesBelow, readPackageJson, readText } from './repository.js';

const surroundings: Surroundings = {
  files: new Set(listFiles('packages')),
  packages: Object.fromEntries(packageNames.map((name) => [name, readPackageJson(`packages/${name}`)])),
};

function sourcesOf(name: string): string[] {
  return listFiles(`packages/${name}/src`).filter((file) => file.endsWith('.ts'));
}

function workspaceDependencies(name: string): string[] {
  const { dependencies = {} } = readPackageJson(`packages/${name}`);
  return Object.keys(dependencies)
    .filter((dependency) => dependency.startsWith('@cb/'))
    .map((dependency) => dependency.slice('@cb/'.length))
    .sort();
}

describe('imports point only down the layers', () => {
  test('every directory of packages/ has its layer', () => {
    const found = new Set(listFiles('packages').map((file) => file.split('/')[1]));
    expect([...found].sort()).toEqual([...packageNames].sort());
  });

  test.each(packageNames)('in the sources of %s', (name) => {
    const sources = sourcesOf(name);
    expect(sources).toContain(`packages/${name}/src/index.ts`);
    expect(sources.flatMap((file) => importFaults(name, file, readText(file), surroundings))).toEqual([]);
  });

  test.each(packageNames)('in the package.json of %s', (name) => {
    expect(packagesBelow[name]).toEqual(expect.arrayContaining(workspaceDependencies(name)));
  });

  test('protocol depends on nothing at all', () => {
    expect(readPackageJson('packages/protocol').dependencies ?? {}).toEqual({});
  });

  test('a dependency from outside has its reason in docs/architecture.md', () => {
    const reasons = readText('docs/architecture.md');
    const directories = ['.', 'bench', 'examples', 'test', ...packageNames.map((name) => `packages/${name}`)];
    const outside = directories
      .map(readPackageJson)
      .flatMap(({ dependencies, devDependencies }) => Object.keys({ ...dependencies, ...devDependencies }))
      .filter((dependency) => !dependency.startsWith('@cb/'));
    expect(outside).toContain('typescript');
    expect(outside.filter((dependency) => !reasons.includes(`\`${dependency}\``))).toEqual([]);
  });
});

/** Names of a package that only its siblings may use. */
function internalNames(name: string): string[] {
  return exportedNames(readText(`packages/${name}/src/internal.ts`));
}

describe('inner doors', () => {
  const doors = packageNames.filter(
    (name) => readPackageJson(`packages/${name}`).exports?.['./internal'] !== undefined,
  );

  test('are there', () => expect(doors).toEqual(['protocol', 'raw']));

  test.each(packageNames)('are closed to the applications that import %s', (name) => {
    const text = readText(`packages/${name}/src/index.ts`);
    expect(importsOf(text).filter((specifier) => specifier.endsWith('internal'))).toEqual([]);
    const inner = new Set(doors.flatMap(internalNames));
    expect(exportedNames(text).filter((exported) => inner.has(exported))).toEqual([]);
  });

  test.each(doors)('come without promises, which the README of %s says', (name) => {
    expect(readText(`packages/${name}/README.md`)).toContain(
      `\`@cb/${name}/internal\` is for the packages of this project: no promises`,
    );
  });
});

describe('the check of imports', () => {
  const file = 'packages/raw/src/index.ts';

  test.each([
    ["import { connect } from '@cb/promise';", 'promise is not below raw'],
    ["export { EmbeddedCluster } from '@cb/embedded';", 'embedded is not below raw'],
    ["import type { Frame } from '@cb/protocol/dist/frame.js';", "not an entry of protocol's exports"],
    ["const { Frame } = await import('../../protocol/src/frame.js');", 'a path out of the package'],
    ["import './no-such-file.js';", 'no such file; relative imports end in .js'],
    ["import { test } from 'fast-check';", 'not among its dependencies'],
  ])('finds fault with %s', (text, fault) => {
    expect(importFaults('raw', file, text, surroundings)).toEqual([expect.stringContaining(fault)]);
  });

  test('keeps node: modules out of protocol', () => {
    const text = "import { createHash } from 'node:crypto';";
    expect(importFaults('protocol', 'packages/protocol/src/index.ts', text, surroundings)).toHaveLength(1);
    expect(importFaults('raw', file, text, surroundings)).toEqual([]);
  });

  test('allows what is below', () => {
    expect(importFaults('raw', file, "import { Frame } from '@cb/protocol';", surroundings)).toEqual([]);
  });
});

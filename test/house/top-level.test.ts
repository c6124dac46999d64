import { listDirectory, packageNames, readPackageJson, readText } from './repository.js';

test('the top level has exactly what the architecture lists', () => {
  const visible = listDirectory('.').filter((name) => !name.startsWith('.'));
  expect(visible.sort()).toEqual(
    [
      ...['packages', 'bench', 'examples', 'docs', 'scripts', 'test'],
      ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'CODE_OF_CONDUCT.md', 'LICENSE', 'SECURITY.md'],
      ...['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', 'tsconfig.json', 'jest.config.ts'],
      ...['biome.json', 'tsdown.config.ts'],
    ].sort(),
  );
});

test('continuous integration is one command', () => {
  expect(listDirectory('.ci')).toContain('run');
});

test.each(packageNames)('packages/%s has its description, its licence and its documentation', (name) => {
  const description = readPackageJson(`packages/${name}`);
  expect(description).toMatchObject({ name: `@cb/${name}`, license: 'Apache-2.0', engines: { node: '>=20.19' } });
  expect(readText(`packages/${name}/README.md`)).toContain(`# @cb/${name}`);
  expect(readText('README.md')).toContain(`packages/${name}`);
});

test('the packages have one version, and the changelog knows it', () => {
  const versions = new Set(['.', ...packageNames.map((name) => `packages/${name}`)].map(versionOf));
  expect(versions.size).toBe(1);
  expect(readText('CHANGELOG.md')).toContain(`## ${[...versions][0]}`);
});

function versionOf(directory: string): string {
  return JSON.parse(readText(`${directory}/package.json`)).version;
}

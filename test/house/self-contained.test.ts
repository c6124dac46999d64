import { listFiles, readPackageJson, readText } from './repository.js';

const binary = /\.(gz|png|jpg|ico|wasm)$/;
const here = 'test/house/self-contained.test.ts';
const files = listFiles().filter((file) => !binary.test(file) && file !== here);

function matches(pattern: RegExp): string[] {
  return files.flatMap((file) => {
    const found = pattern.exec(readText(file));
    return found === null ? [] : [`${file}: ${found[0]}`];
  });
}

test('the whole repository is looked at', () => {
  expect(files).toEqual(
    expect.arrayContaining(['README.md', 'pnpm-lock.yaml', '.ci/run', 'packages/raw/src/index.ts']),
  );
});

test('no file names a place on the machine it was written on', () => {
  expect(matches(/(?<![\w.])\/(work|root|home\/\w+|Users\/\w+|mnt)\//)).toEqual([]);
});

test('no file names a package registry or a mirror', () => {
  expect(matches(/https?:\/\/[^\s/'"]*(registry|npmjs|mirror|artifact|nexus|proxy)[^\s/'"]*/i)).toEqual([]);
});

test('every merge is finished', () => {
  expect(matches(/^(<{7}|>{7}) \S+.*$/m)).toEqual([]);
});

test('the lockfile pins contents by hash, not places', () => {
  const lockfile = readText('pnpm-lock.yaml');
  expect(lockfile).not.toMatch(/\btarball:/);
  const resolutions = lockfile.match(/^ {4}resolution: .*$/gm) ?? [];
  expect(resolutions.length).toBeGreaterThan(100);
  expect(resolutions.filter((line) => !line.includes('integrity: sha512-'))).toEqual([]);
});

test('versions are exact, so that every installation is the same', () => {
  const directories = ['.', 'bench', 'examples', 'test', ...listPackageDirectories()];
  const loose = directories.flatMap((directory) => {
    const { dependencies = {}, devDependencies = {} } = readPackageJson(directory);
    return Object.entries({ ...dependencies, ...devDependencies })
      .filter(([, version]) => version !== 'workspace:*' && !/^(npm:[\w./@-]+@)?\d+\.\d+\.\d+$/.test(version))
      .map(([name, version]) => `${directory}: ${name}@${version}`);
  });
  expect(loose).toEqual([]);
});

test('pnpm is pinned', () => {
  expect(readPackageJson('.').scripts?.['setup']).toMatch(/^npx --yes pnpm@\d+\.\d+\.\d+ install --frozen-lockfile$/);
});

function listPackageDirectories(): string[] {
  const paths = listFiles('packages').filter((file) => /^packages\/[^/]+\/package\.json$/.test(file));
  return paths.map((file) => file.replace('/package.json', ''));
}

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import {
  isPublished,
  listFiles,
  packageNames,
  readPackageJson,
  readText,
  repositoryRoot,
  targetsOf,
} from './repository.js';

/** Where the links in what is published lead to: they are read on the registry's pages too, which have no folders. */
const HOME = /^https:\/\/github\.com\/cb-ts\/cb\/(?:blob|tree)\/main\//;

function distOf(name: string): string[] {
  const directory = join(repositoryRoot, 'packages', name, 'dist');
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(js|cjs|d\.ts|d\.cts)$/.test(file))
    .map((file) => `dist/${file.replaceAll('\\', '/')}`)
    .sort();
}

const textOf = (name: string, file: string): string =>
  readFileSync(join(repositoryRoot, 'packages', name, file), 'utf8');

/** The files that one leads to: declarations to declarations, code to code. */
function importsOf(name: string, file: string): string[] {
  const specifiers = [...textOf(name, file).matchAll(/(?:from|import|require)\s*\(?\s*["'`](\.{1,2}\/[^"'`]+)["'`]/g)];
  return specifiers.map(([, specifier = '']) => {
    const target = normalize(join(dirname(file), specifier)).replaceAll('\\', '/');
    return /\.d\.c?ts$/.test(file) ? target.replace(/\.(c?)js$/, '.d.$1ts') : target;
  });
}

test.each(packageNames)('%s publishes what its entries lead to, and nothing that a former build left', (name) => {
  const { bin = {}, exports = {} } = readPackageJson(`packages/${name}`);
  const found = new Set(
    [...Object.keys(exports).flatMap((entry) => targetsOf(name, entry)), ...Object.values(bin)].map(normalize),
  );
  for (const file of found) for (const imported of importsOf(name, file)) found.add(imported);
  expect(distOf(name)).toEqual([...found].filter((file) => file.startsWith('dist/')).sort());
});

test.each(packageNames)('%s is built before it is packed', (name) => {
  const { scripts } = readPackageJson(`packages/${name}`);
  expect(scripts).toMatchObject({ prepack: 'npm run build --prefix ../..' });
});

test.each(packageNames)('%s names the works of others that it contains', (name) => {
  const modules = distOf(name).flatMap((file) => [...textOf(name, file).matchAll(/^\/\/#region (.*)$/gm)]);
  const others = new Set(
    modules.flatMap(([, module = '']) => {
      const [, own] = /^(?:\.\.\/\.\.\/)?(src\/|package\.json)/.exec(module) ?? [];
      const other = /\\0(@?[\w-]+[+/][\w-]+)|\/node_modules\/((?:@[\w-]+\/)?[\w-]+)\/[^@]*$/.exec(module);
      return own === undefined ? [other?.[1] ?? other?.[2] ?? module] : [];
    }),
  );
  const notices = 'THIRD-PARTY-NOTICES.md';
  const hasNotices = listFiles(`packages/${name}`).includes(`packages/${name}/${notices}`);
  expect(hasNotices).toBe(others.size > 0);
  if (!hasNotices) return;
  expect(isPublished(name, `./${notices}`)).toBe(true);
  for (const other of others) expect(textOf(name, notices)).toContain(`\`${other}\``);
});

test('the authors of the interpreter in the cluster are named, as their licence asks for', () => {
  const licence = textOf('embedded', 'node_modules/@jitl/quickjs-wasmfile-release-sync/LICENSE');
  const authors = [...licence.matchAll(/copyright \(c\) [\d-]+ (.+)/gi)].map(([, author]) => author);
  expect(authors).toHaveLength(3);
  const notices = textOf('embedded', 'THIRD-PARTY-NOTICES.md');
  expect(authors.filter((author) => !notices.includes(author!))).toEqual([]);
});

test.each(packageNames)('the links in the README of %s lead somewhere from wherever it is read', (name) => {
  const links = [...readText(`packages/${name}/README.md`).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  const files = listFiles();
  const broken = links.filter((link) => {
    if (link.startsWith('#')) return false;
    if (!HOME.test(link)) return !link.startsWith('https://');
    const path = link.replace(HOME, '').replace(/#.*$/, '');
    return !files.some((file) => file === path || file.startsWith(`${path}/`));
  });
  expect(broken).toEqual([]);
});

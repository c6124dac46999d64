import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import * as cli from '@cb/cli';
import * as embedded from '@cb/embedded';
import * as promise from '@cb/promise';
import * as protocol from '@cb/protocol';
import * as protocolInternal from '@cb/protocol/internal';
import * as raw from '@cb/raw';
import * as conformance from '@cb/raw/conformance';
import * as rawInternal from '@cb/raw/internal';
import * as simulation from '@cb/raw/simulation';
import * as views from '@cb/views';
import { buildSync } from 'esbuild';
import { importsOf, staticImportsOf } from './imports.js';
import { isPublished, moduleOf, repositoryRoot } from './repository.js';

/** What an application loads, as its sources export it; what is behind inner doors is in the same file. */
const entries: Readonly<Record<string, object>> = {
  '@cb/protocol': { ...protocol, ...protocolInternal },
  '@cb/raw': { ...raw, ...rawInternal },
  '@cb/raw/conformance': conformance,
  '@cb/raw/simulation': simulation,
  '@cb/views': views,
  '@cb/promise': promise,
  '@cb/embedded': embedded,
  '@cb/cli': cli,
};

const specifiers = Object.keys(entries);
const packages = specifiers.filter((specifier) => specifier.split('/').length === 2);

function directoryOf(specifier: string): string {
  return `packages/${specifier.split('/')[1]}`;
}

/** The built file that an entry leads to. */
function builtFile(specifier: string): string {
  const [, name = '', ...rest] = specifier.split('/');
  return join(repositoryRoot, directoryOf(specifier), moduleOf(name, ['.', ...rest].join('/')));
}

/** A built file and all that it imports, by the way that tells its imports, from its own package. */
function filesFrom(file: string, imports: (code: string) => string[], found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  const local = imports(readFileSync(file, 'utf8')).filter((specifier) => specifier.startsWith('.'));
  for (const specifier of local) filesFrom(join(dirname(file), specifier), imports, found);
  return found;
}

/** The files of its package that are loaded with an entry, at once. */
function filesLoadedWith(specifier: string): string[] {
  return [...filesFrom(builtFile(specifier), staticImportsOf)];
}

/** All that an entry ever loads of its package. */
function filesOf(specifier: string): string[] {
  return [...filesFrom(builtFile(specifier), importsOf)];
}

/** The sources that a built file was made of. */
function sourcesIn(file: string): string[] {
  const map: { readonly sources: readonly string[] } = JSON.parse(readFileSync(`${file}.map`, 'utf8'));
  return map.sources.map((source) => join(dirname(file), source));
}

function isClass(value: unknown): value is { readonly name: string } {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}

/** Runs a module that sees every package as it was built; answers what it printed, parsed. */
function runBuilt(program: string): unknown {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: join(repositoryRoot, 'test'),
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

/** The names of a module's exports, each with what a function or class calls itself. */
function namesIn(module: object): Record<string, string> {
  const named = Object.entries(module).map(([name, value]) => [name, typeof value === 'function' ? value.name : '']);
  return Object.fromEntries(named.sort(([left], [right]) => (left < right ? -1 : 1)));
}

// The command line loads each command by itself.
const loadedWhole = specifiers.filter((specifier) => specifier !== '@cb/cli');

test.each(loadedWhole)('%s is loaded as one file, and the main one of its package', (specifier) => {
  const main = builtFile(specifier.split('/').slice(0, 2).join('/'));
  const more = filesLoadedWith(specifier).filter((file) => file !== builtFile(specifier) && file !== main);
  expect(more).toEqual([]);
});

test.each([false, true])('in an application that is bundled classes keep their names (minified: %s)', (minify) => {
  const classes = specifiers.flatMap((specifier) => Object.values(entries[specifier]!).filter(isClass));
  const names = [...new Set(classes.map(({ name }) => name))].sort();
  expect(names).toEqual(expect.arrayContaining(['CouchbaseError', 'Bucket', 'ViewQuery', 'SimulatedIOPS']));
  // The application has classes of the same names: the bundler gives other names to one of the two.
  const program = `
    ${specifiers.map((specifier, index) => `import * as e${index} from '${specifier}';`).join('\n')}
    ${names.map((name) => `class ${name} {}`).join('\n')}
    globalThis.own = [${names.join()}];
    const isClass = ${isClass.toString()};
    const all = [${specifiers.map((_specifier, index) => `e${index}`).join()}].flatMap((entry) => Object.values(entry));
    console.log(JSON.stringify([...new Set(all.filter(isClass).map(({ name }) => name))].sort()));`;
  const { outputFiles } = buildSync({
    stdin: { contents: program, resolveDir: join(repositoryRoot, 'test') },
    // Without ours, which leads to the sources.
    tsconfigRaw: {},
    bundle: true,
    format: 'esm',
    platform: 'node',
    minify,
    write: false,
  });
  const directory = mkdtempSync(join(tmpdir(), 'cb-bundled-'));
  try {
    const file = join(directory, 'app.mjs');
    writeFileSync(file, outputFiles[0]!.text);
    const { stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(names);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('what can be loaded later is not loaded with the rest', () => {
  const late = ['snappyjs', 'node:tls', 'node:dns', 'node:http', 'node:crypto', 'node:fs', 'node:stream'];
  const clients = packages.filter((specifier) => !['@cb/embedded', '@cb/cli'].includes(specifier));
  const files = [...new Set(clients.flatMap(filesLoadedWith))];
  const early = files.flatMap((file) => {
    const imported = staticImportsOf(readFileSync(file, 'utf8')).filter((name) => late.includes(name));
    return imported.map((name) => `${file} imports ${name}`);
  });
  expect(early).toEqual([]);
  // What is in the file all the same is evaluated when it is first imported.
  const unevaluated = ['exchange', 'row_scanner'].map((name) => `var init_${name} = `);
  const code = readFileSync(builtFile('@cb/views'), 'utf8');
  expect(unevaluated.filter((start) => !code.includes(start))).toEqual([]);
});

test.each(specifiers)('all that %s ever loads is published', (specifier) => {
  const directory = join(repositoryRoot, directoryOf(specifier));
  const name = basename(directory);
  const loaded = filesOf(specifier).map((file) => `./${relative(directory, file).replaceAll(sep, '/')}`);
  expect(loaded.filter((file) => !isPublished(name, file) || isPublished(name, `${file}.map`))).toEqual([]);
});

test('what is built exports what the sources export, under the same names', () => {
  const program = `
    ${namesIn.toString()}
    const names = {};
    for (const specifier of ${JSON.stringify(specifiers)}) names[specifier] = namesIn(await import(specifier));
    console.log(JSON.stringify(names));`;
  const expected = Object.entries(entries).map(([specifier, module]) => [specifier, namesIn(module)]);
  expect(runBuilt(program)).toEqual(Object.fromEntries(expected));
});

test('no source is in two files, so that a class is the same one whichever entry it comes from', () => {
  const files = new Set(specifiers.flatMap(filesOf));
  const sources = [...files].flatMap(sourcesIn);
  expect(sources).toContain(join(repositoryRoot, 'packages/raw/src/iops/event.ts'));
  expect(sources.filter((source, index) => sources.indexOf(source) !== index)).toEqual([]);
});

test('what one entry makes is an instance of what another exports', () => {
  const program = `
    import { NotFoundError as ofPromise } from '@cb/promise';
    import { NotFoundError } from '@cb/protocol';
    import { NodeIOPS, TimerEvent } from '@cb/raw';
    import { iopsConformance } from '@cb/raw/conformance';
    const timers = [];
    class NotingIOPS extends NodeIOPS {
      updateTimer(timer, ...more) {
        timers.push(timer);
        super.updateTimer(timer, ...more);
      }
    }
    const elapse = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const firesOnce = iopsConformance.find(({ name }) => name.startsWith('a timer fires once'));
    await firesOnce.run({ iops: new NotingIOPS(), elapse });
    const error = new NotFoundError('x');
    const isTimer = timers.length > 0 && timers.every((timer) => timer instanceof TimerEvent);
    console.log(JSON.stringify([isTimer, error instanceof ofPromise, error.name]));`;
  expect(runBuilt(program)).toEqual([true, true, 'NotFoundError']);
});

import { join } from 'node:path';
import { defineConfig, type Format, type UserConfig } from 'tsdown';
import { declarationsOnly } from './scripts/declarations-only.js';
import { embedInterpreter } from './scripts/embed-interpreter.js';
import { nameClasses } from './scripts/name-classes.js';
import { takeFromMain } from './scripts/take-from-main.js';
import { withInternal } from './scripts/with-internal.js';

interface Library {
  readonly name: string;
  /** Entries other than `index`. */
  readonly entries?: readonly string[];
  /** Whether it has a door for the packages that stand on it: code in the main entry, and declarations of its own. */
  readonly internal?: boolean;
  /** Whether what is imported later gets files of its own. */
  readonly split?: boolean;
  /** Packages that become part of it, where that is much smaller than to install them. */
  readonly bundled?: readonly string[];
}

const LIBRARIES: readonly Library[] = [
  { name: 'protocol', internal: true },
  { name: 'sqlpp', bundled: ['re2js'] },
  { name: 'raw', entries: ['conformance', 'simulation'], internal: true },
  { name: 'views' },
  { name: 'promise' },
  { name: 'embedded' },
  // Nobody bundles it, and each command loads what it needs.
  { name: 'cli', split: true },
];

/** Programs that run in this repository only, with the files that they are started from. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  examples: ['*.ts'],
  bench: ['**/*.ts', '!dist', '!node_modules'],
  'test/simulation': ['main.ts'],
  'test/fuzz': ['main.ts'],
  'test/soak': ['client-program.ts'],
  'test/topology/processes': ['node-program.js'],
};

const FORMATS: readonly Format[] = ['esm', 'cjs'];

/** For CommonJS, which is there for loaders of yesterday: shorter, with the names of functions and classes kept. */
const SMALL = { compress: false, mangle: { keepNames: true }, codegen: { removeWhitespace: true } };

const EMBEDDED_SOURCE = join(import.meta.dirname, 'packages/embedded/src/index.ts');

const shared: UserConfig = {
  platform: 'node',
  target: 'node20.19',
  fixedExtension: false,
  report: false,
  logLevel: 'error',
  // Before the first of all builds: what a former one left would be published.
  clean: true,
};

/**
 * One file for each entry, as Node takes half a millisecond to load a file. What is imported later is in it too, unevaluated
 * until then: as a file of its own, a bundler of an application could place it behind an `await` that waits for it.
 */
function entryOf({ name, split = false, bundled = [] }: Library, entry: string, format: Format): UserConfig {
  const cwd = join(import.meta.dirname, 'packages', name);
  const extension = format === 'cjs' ? 'cjs' : 'js';
  return {
    ...shared,
    cwd,
    format,
    entry: [`src/${entry}.ts`],
    dts: false,
    sourcemap: true,
    // The code of no other package becomes part of ours.
    deps: { onlyBundle: [...bundled] },
    plugins: [nameClasses(), embedInterpreter(), entry === 'index' ? withInternal(cwd) : takeFromMain(cwd, format)],
    minify: format === 'cjs' ? SMALL : false,
    outputOptions: { comments: false, codeSplitting: split, chunkFileNames: `later/[name].${extension}` },
  };
}

function declarationsOf({ name, entries = [], internal = false }: Library): UserConfig {
  const all = ['index', ...entries, ...(internal ? ['internal'] : [])];
  return {
    ...shared,
    cwd: join(import.meta.dirname, 'packages', name),
    format: 'cjs',
    entry: all.map((entry) => `src/${entry}.ts`),
    dts: { emitDtsOnly: true, compilerOptions: { stripInternal: true } },
    hash: false,
    plugins: [declarationsOnly(all)],
    // The code of no other package becomes part of ours.
    deps: { onlyBundle: [] },
  };
}

function library(library: Library): UserConfig[] {
  const entries = ['index', ...(library.entries ?? [])];
  const code = entries.flatMap((entry) => FORMATS.map((format) => entryOf(library, entry, format)));
  return [...code, declarationsOf(library)];
}

function program([directory, entry]: [string, readonly string[]]): UserConfig {
  return {
    ...shared,
    cwd: join(import.meta.dirname, directory),
    format: 'esm',
    entry: [...entry],
    // The benchmark starts some of its files by name.
    unbundle: directory === 'bench',
    // The node of a test reaches into the cluster: what it imports of it, and the cluster, must be one copy.
    alias: directory === 'test/topology/processes' ? { '@cb/embedded': EMBEDDED_SOURCE } : {},
    plugins: [embedInterpreter()],
    dts: false,
    sourcemap: true,
  };
}

export default defineConfig([...LIBRARIES.flatMap(library), ...Object.entries(PROGRAMS).map(program)]);

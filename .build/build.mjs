// Usage: node .build/build.mjs [<directory of a project>]; without one, everything is built.
//
// Compiles, and then makes each package that an application loads one file, beside what it loads when that is first needed:
// Node takes half a millisecond for a module, so that a client of two hundred would spend most of its start there.
//
// The bundle takes the place of the compiled entry, of which the compiler must not believe that it is still its own.
// So its notes and its entries are put away, and brought back before the next build. `tsc -b` alone finds no notes and
// compiles these packages anew, to single files: they are slower to load, and never stale.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import ts from 'typescript';

const NOTES = '.tsbuildinfo';
/** The directory for what is not loaded at once. */
const LATER = 'later';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bundles = ['protocol', 'raw', 'views', 'promise'].map((name) => ({
  dist: join(root, 'packages', name, 'dist'),
  putAway: join(root, 'packages', name, 'dist/.compiled'),
  entries: entriesOf(join(root, 'packages', name)),
}));

/** The files that the `exports` of a package lead to, relative to its `dist`. */
function entriesOf(directory) {
  const { exports } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  return Object.values(exports).map((targets) => targets.default.replace('./dist/', ''));
}

function copyCompiled(entries, from, to) {
  for (const file of entries.flatMap((entry) => [entry, `${entry}.map`])) cpSync(join(from, file), join(to, file));
}

/** The notes go last, and come back last: where they are, the entries that belong to them are complete. */
function putAwayCompiled({ dist, putAway, entries }) {
  copyCompiled(entries, dist, putAway);
  renameSync(join(dist, NOTES), join(putAway, NOTES));
}

function bringBackCompiled({ dist, putAway, entries }) {
  // With new notes the compiler ran alone meanwhile; without an entry everything was cleaned away.
  const isBundled = !existsSync(join(dist, NOTES)) && entries.every((entry) => existsSync(join(dist, entry)));
  if (isBundled && existsSync(join(putAway, NOTES))) {
    copyCompiled(entries, putAway, dist);
    renameSync(join(putAway, NOTES), join(dist, NOTES));
  }
  rmSync(putAway, { recursive: true, force: true });
}

function compile(projects) {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-b', ...projects], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** Reading code is a fifth of an application's start. What comments say, the declarations say too. */
const withoutComments = {
  name: 'without comments',
  setup({ onLoad }) {
    const { target } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config.compilerOptions;
    const compilerOptions = ts.convertCompilerOptionsFromJson(
      { target, module: 'esnext', verbatimModuleSyntax: true, removeComments: true, inlineSourceMap: true },
      root,
    ).options;
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      return { contents: ts.transpileModule(source, { fileName: path, compilerOptions }).outputText, loader: 'js' };
    });
  },
};

/** A class that names itself in its body, as esbuild writes it. Both names are the class's own: its name is API. */
const SELF_NAMED = /^var (\w+) = class (_\1)\b/gm;

function withOwnNames(code) {
  return [...code.matchAll(SELF_NAMED)].reduce((text, [, name, inner]) => {
    return text.replace(new RegExp(`\\b${inner}\\b`, 'g'), name);
  }, code);
}

/** What the package's main entry contains is taken from there: a class is the same one, whichever entry it comes from. */
function fromMain(main, sources) {
  return {
    name: 'from main',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
        const source = join(resolveDir, path).replace(/\.js$/, '.ts');
        return kind !== 'entry-point' && sources.has(source) ? { path: `./${main}`, external: true } : undefined;
      });
    },
  };
}

async function bundleEntry(dist, entry, plugins) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: dist,
    entryPoints: [`../src/${entry.replace(/\.js$/, '.ts')}`],
    outbase: '../src',
    outdir: '.',
    write: false,
    bundle: true,
    plugins: [withoutComments, ...plugins],
    // What is imported when it is first needed becomes a file that is loaded then.
    splitting: true,
    chunkNames: `${LATER}/[name]`,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
  });
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, path.endsWith('.js') ? withOwnNames(text) : text);
  }
  return new Set(Object.keys(metafile.inputs).map((input) => join(dist, input)));
}

async function bundle({ dist, entries: [main, ...others] }) {
  rmSync(join(dist, LATER), { recursive: true, force: true });
  const sources = await bundleEntry(dist, main, []);
  for (const entry of others) await bundleEntry(dist, entry, [fromMain(main, sources)]);
}

for (const each of bundles) bringBackCompiled(each);
compile(process.argv.slice(2));
for (const each of bundles.filter(({ dist }) => existsSync(join(dist, NOTES)))) {
  putAwayCompiled(each);
  await bundle(each);
}

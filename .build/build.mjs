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
const projects = process.argv.slice(2);
const reached = projects.reduce((found, project) => withReferences(join(root, project), found), new Set());
const bundles = ['protocol', 'raw', 'views', 'promise']
  .map((name) => join(root, 'packages', name))
  .filter((directory) => projects.length === 0 || reached.has(directory))
  .map((directory) => ({
    dist: join(directory, 'dist'),
    putAway: join(directory, 'dist/.compiled'),
    ...entriesOf(directory),
  }));

/** The directory of a project, and of all that it is compiled with. */
function withReferences(directory, found) {
  if (found.has(directory)) return found;
  found.add(directory);
  const { references = [] } = ts.readConfigFile(join(directory, 'tsconfig.json'), ts.sys.readFile).config;
  for (const { path } of references) withReferences(join(directory, path), found);
  return found;
}

/** The files that the `exports` of a package lead to, and their declarations, relative to its `dist`. */
function entriesOf(directory) {
  const { exports } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const inDist = (path) => path.replace('./dist/', '');
  const targets = Object.values(exports);
  return {
    entries: targets.map((target) => inDist(target.default)),
    declarations: targets.map(({ types }) => inDist(types)),
  };
}

function copyCompiled(entries, from, to) {
  for (const file of entries.flatMap((entry) => [entry, `${entry}.map`])) cpSync(join(from, file), join(to, file));
}

/** The notes go last, and come back last: where they are, the entries that belong to them are complete. */
function putAwayCompiled({ dist, putAway, entries }) {
  copyCompiled(entries, dist, putAway);
  renameSync(join(dist, NOTES), join(putAway, NOTES));
}

function bringBackCompiled({ dist, putAway, entries, declarations }) {
  // With new notes the compiler ran alone meanwhile; where a file is missing, everything is compiled anew.
  const away = [NOTES, ...entries, ...entries.map((entry) => `${entry}.map`)].map((file) => join(putAway, file));
  const here = [...entries, ...declarations].map((file) => join(dist, file));
  if (!existsSync(join(dist, NOTES)) && [...away, ...here].every((file) => existsSync(file))) {
    copyCompiled(entries, putAway, dist);
    renameSync(join(putAway, NOTES), join(dist, NOTES));
  }
  rmSync(putAway, { recursive: true, force: true });
}

function compile(directories) {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-b', ...directories], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/**
 * The names of classes are API: errors and results show them. Bundlers, ours and those of applications, give classes other
 * names where two collide; so each says its own.
 */
function nameClasses({ factory }) {
  const nameItself = (name) => {
    const call = factory.createCallExpression(factory.createIdentifier(NAME_CLASS), undefined, [
      factory.createThis(),
      factory.createStringLiteral(name),
    ]);
    return factory.createClassStaticBlockDeclaration(factory.createBlock([factory.createExpressionStatement(call)]));
  };
  const named = (node) => {
    if (!ts.isClassDeclaration(node) || node.name === undefined) return node;
    const { modifiers, name, typeParameters, heritageClauses, members } = node;
    const all = [nameItself(name.text), ...members];
    return factory.updateClassDeclaration(node, modifiers, name, typeParameters, heritageClauses, all);
  };
  return (file) => factory.updateSourceFile(file, file.statements.map(named));
}

const NAME_CLASS = '__nameClass';
const HELPER = `const ${NAME_CLASS} = (target, value) => Object.defineProperty(target, "name", { value, configurable: true });`;

/** Reading code is a fifth of an application's start. What comments say, the declarations say too. */
const compiled = {
  name: 'compiled without comments',
  setup({ onLoad }) {
    const { target } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config.compilerOptions;
    const compilerOptions = ts.convertCompilerOptionsFromJson(
      { target, module: 'esnext', verbatimModuleSyntax: true, removeComments: true, inlineSourceMap: true },
      root,
    ).options;
    const transformers = { before: [nameClasses] };
    onLoad({ filter: /\.ts$/ }, ({ path: fileName }) => {
      const source = readFileSync(fileName, 'utf8');
      const { outputText } = ts.transpileModule(source, { fileName, compilerOptions, transformers });
      return { contents: outputText, loader: 'js' };
    });
  },
};

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
    plugins: [compiled, ...plugins],
    banner: { js: HELPER },
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
    writeFileSync(path, text);
  }
  return new Set(Object.keys(metafile.inputs).map((input) => join(dist, input)));
}

async function bundle({ dist, entries: [main, ...others] }) {
  rmSync(join(dist, LATER), { recursive: true, force: true });
  const sources = await bundleEntry(dist, main, []);
  for (const entry of others) await bundleEntry(dist, entry, [fromMain(main, sources)]);
}

for (const each of bundles) bringBackCompiled(each);
compile(projects);
for (const each of bundles.filter(({ dist }) => existsSync(join(dist, NOTES)))) {
  putAwayCompiled(each);
  await bundle(each);
}

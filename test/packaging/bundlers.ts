import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../house/repository.js';

/** A bundler that applications use: how it makes files in the folder `out` of `program.mjs`. */
export interface Bundler {
  readonly name: string;
  /** The file in `out` to run. */
  readonly output: string;
  /** A configuration, if it needs one. */
  readonly config?: { readonly file: string; readonly text: string };
  readonly command: readonly string[];
}

const modules = join(repositoryRoot, 'test/node_modules');
const bin = (name: string): string => join(modules, '.bin', name);
const plugin = (name: string): string => JSON.stringify(require.resolve(name, { paths: [modules] }));

function esbuild(format: 'esm' | 'cjs', ...more: readonly string[]): Bundler {
  const output = format === 'esm' ? 'program.mjs' : 'program.cjs';
  const program = format === 'esm' ? 'program.mjs' : 'program.cjs';
  const command = [bin('esbuild'), program, '--bundle', '--platform=node', `--format=${format}`, ...more];
  return { name: `esbuild, as ${format} ${more.join(' ')}`, output, command: [...command, `--outfile=out/${output}`] };
}

const WEBPACK = `module.exports = { mode: 'production', target: 'node', entry: './program.mjs',
  output: { path: require('node:path').resolve('out'), filename: 'program.cjs', chunkFormat: false }, optimization: { splitChunks: false },
  plugins: [new (require(${plugin('webpack')}).optimize.LimitChunkCountPlugin)({ maxChunks: 1 })] };`;

const ROLLUP = `
  import { createRequire } from 'node:module';
  const require = createRequire(import.meta.url);
  const [{ nodeResolve }, commonjs, terser] = [${['node-resolve', 'commonjs', 'terser'].map((name) => plugin(`@rollup/plugin-${name}`)).join()}].map(require);
  export default { input: 'program.mjs', onwarn() {},
    output: { file: 'out/program.mjs', format: 'es', inlineDynamicImports: true },
    plugins: [nodeResolve({ exportConditions: ['node'], preferBuiltins: true }), commonjs.default?.() ?? commonjs(), terser.default?.() ?? terser()] };`;

export const bundlers: readonly Bundler[] = [
  esbuild(
    'esm',
    '--banner:js=import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  ),
  esbuild('cjs'),
  esbuild('cjs', '--minify'),
  {
    name: 'webpack',
    output: 'program.cjs',
    config: { file: 'webpack.config.cjs', text: WEBPACK },
    command: [process.execPath, '-e', webpackRun()],
  },
  {
    name: 'rollup with terser',
    output: 'program.mjs',
    config: { file: 'rollup.config.mjs', text: ROLLUP },
    command: [bin('rollup'), '--config', 'rollup.config.mjs'],
  },
  {
    name: 'vite for servers',
    output: 'program.mjs',
    config: {
      file: 'vite.config.mjs',
      text: `export default { logLevel: 'error', ssr: { noExternal: true }, build: { ssr: 'program.mjs', outDir: 'out' } };`,
    },
    command: [bin('vite'), 'build', '--config', 'vite.config.mjs'],
  },
  { name: 'ncc', output: 'index.mjs', command: [bin('ncc'), 'build', 'program.mjs', '--out', 'out', '--quiet'] },
];

function webpackRun(): string {
  return `require(${plugin('webpack')})(require('./webpack.config.cjs'), (error, stats) => {
    if (error || stats.hasErrors()) { console.error(error ?? stats.toString()); process.exit(1); }
  });`;
}

/** Bundles in a directory; fails with what the bundler says. */
export function bundle({ command: [program, ...args] }: Bundler, directory: string): void {
  execFileSync(program!, args, { cwd: directory, stdio: 'pipe', env: { ...process.env, NODE_ENV: 'production' } });
}

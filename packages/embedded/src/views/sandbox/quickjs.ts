import { threadProgram } from './thread-program.js';

let program: Promise<string> | undefined;

/** The program of the sandbox's thread. The interpreter is loaded when it is first wanted, and once. */
export function loadThreadProgram(): Promise<string> {
  program ??= build();
  return program;
}

/** The parts of the package that are used, whichever way its CommonJS is wrapped by whoever loads it. */
interface Variant {
  importModuleLoader(): Promise<unknown>;
  importFFI(): Promise<unknown>;
}

async function build(): Promise<string> {
  const variant = unwrapped(await import('@jitl/quickjs-singlefile-cjs-release-sync')) as Variant;
  const [loader, ffi] = await Promise.all([variant.importModuleLoader(), variant.importFFI()]);
  return threadProgram(String(unwrapped(loader)), String(unwrapped(ffi)));
}

function unwrapped(module: unknown): unknown {
  let inner = module;
  while (typeof inner === 'object' && inner !== null && 'default' in inner) inner = inner.default;
  return inner;
}

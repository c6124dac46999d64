import { readFileSync } from 'node:fs';

/** QuickJS, as it is handed to threads. */
export interface Interpreter {
  /** The text of a CommonJS module: the function that instantiates the WebAssembly. */
  readonly loader: string;
  /** The text of a CommonJS module: the class with the interpreter's C functions. */
  readonly ffi: string;
  /** The WebAssembly. */
  readonly wasm: Buffer;
}

const PACKAGE = '@jitl/quickjs-wasmfile-release-sync';

/**
 * Reads the interpreter from its package.
 * @param resolve finds the file of a module, as `require.resolve` does
 */
export function readInterpreter(resolve: (specifier: string) => string): Interpreter {
  const text = (path: string): string => readFileSync(resolve(`${PACKAGE}/${path}`), 'utf8');
  return { loader: text('emscripten-module'), ffi: text('ffi'), wasm: readFileSync(resolve(`${PACKAGE}/wasm`)) };
}

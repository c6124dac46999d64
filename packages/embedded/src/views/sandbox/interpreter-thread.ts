import { type CompiledInterpreter, threadProgram } from './thread-program.js';

/** The part of the JavaScript API of WebAssembly that is used; Node's types have its types only. */
declare const WebAssembly: { compile(bytes: Uint8Array): Promise<CompiledInterpreter> };

/** What a thread with the interpreter is started from. */
export interface InterpreterThread {
  readonly program: string;
  readonly wasm: CompiledInterpreter;
}

let loaded: Promise<InterpreterThread> | undefined;

/** Whether the interpreter was wanted in this process already. */
export function isInterpreterWanted(): boolean {
  return loaded !== undefined;
}

/** Loads and compiles the interpreter when it is first wanted, once for all clusters of the process. */
export function loadInterpreterThread(): Promise<InterpreterThread> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<InterpreterThread> {
  const { quickjs } = await import('./quickjs.js');
  return { program: threadProgram(quickjs), wasm: await WebAssembly.compile(quickjs.wasm) };
}

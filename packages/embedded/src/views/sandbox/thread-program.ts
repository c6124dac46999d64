import type { MessagePort } from 'node:worker_threads';
import type { Interpreter } from './interpreter.js';
import { PRELUDE } from './prelude.js';

/** What the thread is asked to do. */
export interface ThreadRequest {
  /** The functions to work with, by which the thread knows the realm again that it made for them. */
  readonly sources: readonly string[];
  /** What the prelude's function is called with; nothing to compile the functions only. */
  readonly call: readonly string[] | undefined;
}

/** What it answers. */
export type ThreadAnswer =
  /** It is ready for the first request. */
  | { readonly kind: 'ready' }
  /** What the prelude's function returned. */
  | { readonly kind: 'done'; readonly text: string }
  /** The code is not a function, or has a syntax error. */
  | { readonly kind: 'invalid'; readonly message: string }
  /** The realm failed as a whole, for one because it has no more memory. */
  | { readonly kind: 'failed'; readonly message: string }
  /** The interpreter failed, and the thread with it. */
  | { readonly kind: 'trapped'; readonly message: string };

/** A `WebAssembly.Module`. */
export type CompiledInterpreter = object;

/** What the thread is started with. */
export interface ThreadData {
  /** The compiled interpreter: the same one in all threads of the process. */
  readonly wasm: CompiledInterpreter;
  /** Bytes of each realm's heap. */
  readonly memoryBytes: number;
  /** Bytes of the interpreter's own stack. */
  readonly stackBytes: number;
  /** Maximum number of realms; the least recently used one is discarded. */
  readonly realmsMax: number;
  /** Where answers go; absent for the messages of the thread. */
  readonly door?: ThreadDoor | undefined;
}

/** Where answers go whose reader stands still until they are there. */
export interface ThreadDoor {
  readonly port: MessagePort;
  /** One number, which grows with each answer. */
  readonly signal: Int32Array<SharedArrayBuffer>;
}

/** The program without what it is given: the interpreter (`memory`, and its C functions `c`) and the text `PRELUDE`. */
const SERVING = `const { parentPort, workerData: data } = require('node:worker_threads');
const realms = new Map();
let memory;
let c;

const withText = (text, action) => {
  const bytes = memory.lengthBytesUTF8(text);
  const pointer = memory._malloc(bytes + 1);
  memory.stringToUTF8(text, pointer, bytes + 1);
  try {
    return action(pointer, bytes);
  } finally {
    memory._free(pointer);
  }
};

const textOf = (context, value) => {
  const pointer = c.QTS_GetString(context, value);
  const text = memory.UTF8ToString(pointer);
  c.QTS_FreeCString(context, pointer);
  return text;
};

/** Frees what a call left in the realm, and throws its exception as a text. */
const unwrap = (context, result) => {
  const exception = c.QTS_ResolveException(context, result);
  if (exception === 0) return result;
  const message = textOf(context, exception) || 'runtime error';
  c.QTS_FreeValuePointer(context, exception);
  c.QTS_FreeValuePointer(context, result);
  throw message;
};

const call = ({ context, entry }, texts) => {
  const values = texts.map((text) => withText(text, (pointer) => c.QTS_NewString(context, pointer)));
  const list = memory._malloc(4 * values.length);
  new Int32Array(memory.HEAPU8.buffer, list, values.length).set(values);
  const result = c.QTS_Call(context, entry, c.QTS_GetUndefined(), values.length, list);
  memory._free(list);
  for (const value of values) c.QTS_FreeValuePointer(context, value);
  const text = textOf(context, unwrap(context, result));
  c.QTS_FreeValuePointer(context, result);
  return text;
};

const makeRealm = () => {
  const runtime = c.QTS_NewRuntime();
  c.QTS_RuntimeSetMemoryLimit(runtime, data.memoryBytes);
  c.QTS_RuntimeSetMaxStackSize(runtime, data.stackBytes);
  const context = c.QTS_NewContext(runtime, 0);
  const entry = withText(PRELUDE, (pointer, bytes) => c.QTS_Eval(context, pointer, bytes, 'prelude.js', 0, 0));
  return { runtime, context, entry: unwrap(context, entry) };
};

const freeRealm = ({ runtime, context, entry }) => {
  c.QTS_FreeValuePointer(context, entry);
  c.QTS_FreeContext(context);
  c.QTS_FreeRuntime(runtime);
};

const realmOf = (name, sources) => {
  let realm = realms.get(name);
  realms.delete(name);
  if (realm === undefined) {
    realm = makeRealm();
    for (const source of sources) {
      const error = call(realm, ['define', source]);
      if (error === '') continue;
      freeRealm(realm);
      return { invalid: JSON.parse(error.slice(1)) };
    }
  }
  realms.set(name, realm);
  if (realms.size > data.realmsMax) {
    const [oldest, unused] = realms.entries().next().value;
    realms.delete(oldest);
    freeRealm(unused);
  }
  return { realm };
};

const send = (answer) => {
  const { door } = data;
  if (door === undefined) {
    parentPort.postMessage(answer);
    return;
  }
  door.port.postMessage(answer);
  Atomics.add(door.signal, 0, 1);
  Atomics.notify(door.signal, 0);
};

const serve = ({ sources, call: texts }) => {
  const name = JSON.stringify(sources);
  try {
    const { realm, invalid } = realmOf(name, sources);
    if (realm === undefined) return { kind: 'invalid', message: invalid };
    return { kind: 'done', text: texts === undefined ? '' : call(realm, texts) };
  } catch (error) {
    if (typeof error !== 'string') return { kind: 'trapped', message: String(error && error.message) };
    const realm = realms.get(name);
    realms.delete(name);
    if (realm !== undefined) freeRealm(realm);
    return { kind: 'failed', message: error };
  }
};
`;

/**
 * Returns the text of a program that runs QuickJS in a thread, each list of functions in a realm of its own. It is a text
 * and not a file, so that it is found alike in sources, in the built package, and in an application's bundle.
 */
export function threadProgram({ loader, ffi }: Interpreter): string {
  return `'use strict';
const PRELUDE = ${JSON.stringify(PRELUDE)};
${SERVING}
const exportsOf = (run) => {
  const module = { exports: {} };
  run(module, module.exports);
  return module.exports;
};
const instantiateWasm = (imports, done) => {
  const instance = new WebAssembly.Instance(data.wasm, imports);
  done(instance, data.wasm);
  return instance.exports;
};

(async () => {
  const load = exportsOf((module, exports) => {
${loader}
  });
  const { QuickJSFFI } = exportsOf((module, exports) => {
${ffi}
  });
  memory = await load({ instantiateWasm, print() {}, printErr() {} });
  c = new QuickJSFFI(memory);
  parentPort.on('message', (request) => {
    let answer;
    try {
      answer = serve(request);
    } catch (error) {
      answer = { kind: 'trapped', message: String(error && error.message) };
    }
    send(answer);
  });
  send({ kind: 'ready' });
})();
`;
}

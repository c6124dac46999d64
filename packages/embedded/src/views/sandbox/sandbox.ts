import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten-core';
import { PRELUDE } from './prelude.js';
import { abandonQuickJs, loadQuickJs } from './quickjs.js';

/** What user code in a sandbox may take. */
export interface SandboxLimits {
  /** Milliseconds for one call into the sandbox. */
  readonly timeMs: number;
  /** Bytes of its heap. */
  readonly memoryBytes: number;
}

/** Bytes of the interpreter's stack: deep enough for honest recursion, far below the stack of WebAssembly itself. */
const STACK_BYTES_MAX = 256 * 1024;

/** User code failed: it threw, ran over a limit, or could not be compiled. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError';
}

/** User code ran for too long. */
export class SandboxTimeout extends SandboxError {}

/** What should be a function is none, or has a syntax error. */
export class InvalidFunction extends SandboxError {}

/**
 * A realm of its own for user functions, in an interpreter in WebAssembly: nothing of the host is within its reach, and
 * every call into it is bounded in time and memory.
 */
export class Sandbox {
  readonly #limits: SandboxLimits;
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #define: QuickJSHandle;
  readonly #map: QuickJSHandle;
  readonly #reduce: QuickJSHandle;
  #deadline = 0;
  #timedOut = false;
  #isBroken = false;
  #disposed = false;

  private constructor(module: QuickJSWASMModule, limits: SandboxLimits) {
    this.#limits = limits;
    this.#runtime = module.newRuntime();
    this.#runtime.setMemoryLimit(limits.memoryBytes);
    this.#runtime.setMaxStackSize(STACK_BYTES_MAX);
    this.#runtime.setInterruptHandler(() => {
      this.#timedOut = performance.now() > this.#deadline;
      return this.#timedOut;
    });
    this.#context = this.#runtime.newContext();
    const entries = this.#call(() => this.#context.evalCode(PRELUDE, 'prelude.js'));
    const entry = (name: string): QuickJSHandle => this.#context.getProp(entries, name);
    [this.#define, this.#map, this.#reduce] = [entry('define'), entry('map'), entry('reduce')];
    entries.dispose();
  }

  /**
   * A sandbox with these functions, numbered from 0 in their order.
   * @throws InvalidFunction when one of them is none.
   */
  static async open(sources: readonly string[], limits: SandboxLimits): Promise<Sandbox> {
    const sandbox = new Sandbox(await loadQuickJs(), limits);
    try {
      for (const source of sources) sandbox.#add(source);
    } catch (error) {
      sandbox.dispose();
      throw error;
    }
    return sandbox;
  }

  /** Whether a call was cut short, so that nobody knows what state the functions are in: to be disposed of. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /**
   * Runs the first `count` functions as map functions over documents, and returns the lines that `prelude.ts` describes.
   * @param documents a JSON array of `[document, meta]`
   * @throws SandboxError, SandboxTimeout
   */
  map(documents: string, count: number): string {
    const { newString, newNumber } = this.#makers();
    return this.#invoke(this.#map, [newString(documents), newNumber(0), newNumber(count)]);
  }

  /**
   * Runs the function with this index as a reduce function: `keys` and `values` are JSON texts, and null for the keys
   * makes it a rereduce. Returns JSON.
   * @throws SandboxError, SandboxTimeout
   */
  reduce(index: number, keys: readonly string[] | null, values: readonly string[]): string {
    const { newString, newNumber } = this.#makers();
    const input = `{"keys":${keys === null ? 'null' : `[${keys.join()}]`},"values":[${values.join()}]}`;
    return this.#invoke(this.#reduce, [newNumber(index), newString(input)]);
  }

  /** Frees its memory; it is not used any more. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#isBroken = true;
    try {
      for (const handle of [this.#define, this.#map, this.#reduce]) handle?.dispose();
      this.#context?.dispose();
      this.#runtime.dispose();
    } catch {
      // The interpreter is beyond repair, perhaps because of what just ran in it: another one takes its place.
      abandonQuickJs();
    }
  }

  #add(source: string): void {
    const compiled = this.#compile(source);
    const index = this.#call(() => this.#context.callFunction(this.#define, this.#context.undefined, compiled));
    compiled.dispose();
    const isFunction = this.#context.getNumber(index) >= 0;
    index.dispose();
    if (!isFunction) throw new InvalidFunction(`Invalid function: ${source}`);
  }

  #compile(source: string): QuickJSHandle {
    try {
      return this.#call(() => this.#context.evalCode(`(${source}\n)`, 'view.js'));
    } catch (error) {
      throw error instanceof SandboxError ? new InvalidFunction(error.message) : error;
    }
  }

  #makers() {
    return {
      newString: (text: string): QuickJSHandle => this.#context.newString(text),
      newNumber: (value: number): QuickJSHandle => this.#context.newNumber(value),
    };
  }

  #invoke(method: QuickJSHandle, args: readonly QuickJSHandle[]): string {
    try {
      const result = this.#call(() => this.#context.callFunction(method, this.#context.undefined, ...args));
      const text = this.#context.getString(result);
      result.dispose();
      return text;
    } finally {
      if (!this.#disposed) for (const arg of args) arg.dispose();
    }
  }

  /** Calls into the sandbox under the limits, and makes an error of the host's realm of whatever goes wrong there. */
  #call(action: () => { value: QuickJSHandle; error?: undefined } | { error: QuickJSHandle }): QuickJSHandle {
    this.#deadline = performance.now() + this.#limits.timeMs;
    this.#timedOut = false;
    let result: ReturnType<typeof action>;
    try {
      result = action();
    } catch (trap) {
      this.#isBroken = true;
      abandonQuickJs();
      throw new SandboxError(`the interpreter failed: ${trap instanceof Error ? trap.message : String(trap)}`);
    }
    if (result.error === undefined) return result.value;
    if (this.#timedOut) {
      this.#isBroken = true;
      result.error.dispose();
      throw new SandboxTimeout('timeout');
    }
    const message = this.#describe(result.error);
    if (/^InternalError: out of memory/.test(message)) this.#isBroken = true;
    throw new SandboxError(message);
  }

  /** The error as text. Reading it may run user code again, so what is read is only what an error has by itself. */
  #describe(error: QuickJSHandle): string {
    const dumped: unknown = this.#context.dump(error);
    error.dispose();
    if (typeof dumped !== 'object' || dumped === null) return String(dumped);
    const { name, message } = dumped as { name?: unknown; message?: unknown };
    return typeof name === 'string' && name !== 'Error' ? `${name}: ${String(message)}` : String(message);
  }
}

import { performance } from 'node:perf_hooks';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { type InterpreterThread, loadInterpreterThread } from './interpreter-thread.js';
import { InvalidFunction, SandboxError, type SandboxLimits, SandboxTimeout, SandboxUnavailable } from './sandbox.js';
import type { ThreadAnswer, ThreadData, ThreadRequest } from './thread-program.js';

const STACK_BYTES = 256 * 1024;
/** Of the thread, which the interpreter's own stack must run out before. */
const THREAD_STACK_MIB = 16;
const REALMS_MAX = 32;

/** Longest time that a thread takes to be ready, in milliseconds: a guard against one that hangs. */
const START_MS = 30_000;

/**
 * Where user functions run that are called from inside of an expression: as in `Sandbox`, in QuickJS in a thread of its
 * own, but the caller stands still until the answer is there. A thread that does not answer in time is terminated.
 */
export class BlockingSandbox {
  readonly #limits: SandboxLimits;
  #interpreter: InterpreterThread | undefined;
  #thread: BlockingThread | undefined;

  constructor(limits: SandboxLimits) {
    this.#limits = limits;
  }

  /** Loads the interpreter, without which nothing can be called. */
  async prepare(): Promise<void> {
    this.#interpreter ??= await loadInterpreterThread();
  }

  /**
   * Calls a function, and returns its result as JSON.
   *
   * @param source an expression of JavaScript that is the function
   * @param operands what it is called with, as a JSON array
   * @param limitMs longest time that it may take, in milliseconds, if that is less than the limit of the sandbox
   * @throws InvalidFunction, SandboxTimeout, or SandboxError for what it throws
   */
  call(source: string, operands: string, limitMs: number): string {
    if (this.#interpreter === undefined) throw new SandboxUnavailable('the interpreter is not loaded');
    this.#thread ??= new BlockingThread(this.#interpreter, this.#limits.memoryBytes);
    const request: ThreadRequest = { sources: [source], call: ['reduce', `[[null,${operands}]]`] };
    try {
      return resultOf(this.#thread.run(request, Math.min(limitMs, this.#limits.timeMs)));
    } catch (error) {
      if (error instanceof InvalidFunction || error instanceof FunctionFailure) throw error;
      this.dispose();
      throw error;
    }
  }

  /** Terminates the thread; the next call starts another. */
  dispose(): void {
    this.#thread?.terminate();
    this.#thread = undefined;
  }
}

/** A function threw. */
class FunctionFailure extends SandboxError {}

/** Reads the line of the one call, without its line break. */
function resultOf(answer: ThreadAnswer): string {
  if (answer.kind === 'invalid') throw new InvalidFunction(answer.message);
  if (answer.kind === 'failed') throw new FunctionFailure(answer.message);
  if (answer.kind !== 'done') throw new SandboxError('the interpreter failed');
  const line = answer.text.slice(0, -1);
  if (line.startsWith('!')) throw new FunctionFailure(JSON.parse(line.slice(1)) as string);
  return line;
}

/** A thread whose answers are waited for. */
class BlockingThread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #signal = new Int32Array(new SharedArrayBuffer(4));

  constructor({ program, wasm }: InterpreterThread, memoryBytes: number) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const door = { port: port2, signal: this.#signal };
    const workerData: ThreadData = { wasm, memoryBytes, stackBytes: STACK_BYTES, realmsMax: REALMS_MAX, door };
    this.#worker = new Worker(program, {
      eval: true,
      execArgv: [],
      env: {},
      workerData,
      transferList: [port2],
      resourceLimits: { stackSizeMb: THREAD_STACK_MIB },
    });
    this.#worker.unref();
    this.#port.unref();
    // What ends it is told by the answer that does not come.
    this.#worker.on('error', () => undefined);
    this.#receive(START_MS);
  }

  /** @throws SandboxTimeout if there is no answer in time */
  run(request: ThreadRequest, limitMs: number): ThreadAnswer {
    this.#worker.postMessage(request);
    return this.#receive(limitMs);
  }

  terminate(): void {
    this.#port.close();
    // What comes of ending it does not matter.
    this.#worker.terminate().catch(() => undefined);
  }

  #receive(limitMs: number): ThreadAnswer {
    const endMs = performance.now() + limitMs;
    for (;;) {
      const seen = Atomics.load(this.#signal, 0);
      const received = receiveMessageOnPort(this.#port) as { readonly message: ThreadAnswer } | undefined;
      if (received !== undefined) return received.message;
      const leftMs = endMs - performance.now();
      if (leftMs <= 0) throw new SandboxTimeout('timeout');
      Atomics.wait(this.#signal, 0, seen, leftMs);
    }
  }
}

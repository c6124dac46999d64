import { clearTimeout, setTimeout } from 'node:timers';
import { Worker } from 'node:worker_threads';
import { isInterpreterWanted, loadInterpreterThread } from './interpreter-thread.js';
import type { ThreadAnswer, ThreadData, ThreadRequest } from './thread-program.js';

/** The limits of user code. */
export interface SandboxLimits {
  /** Milliseconds for one request: a batch of documents to map, or of values to reduce. */
  readonly timeMs: number;
  /** Bytes of heap for each design's functions. */
  readonly memoryBytes: number;
}

const STACK_BYTES = 256 * 1024;
/** Of the thread, which the interpreter's own stack must run out before. */
const THREAD_STACK_MIB = 16;
const REALMS_MAX = 32;

/** User code failed: it threw, exceeded a limit, or is not a function. */
export class SandboxError extends Error {
  override readonly name: string = 'SandboxError';
}

/** User code ran for too long. */
export class SandboxTimeout extends SandboxError {
  override readonly name = 'SandboxTimeout';
}

/** The text is not a function, or has a syntax error. */
export class InvalidFunction extends SandboxError {
  override readonly name = 'InvalidFunction';
}

/** The thread cannot be started. */
export class SandboxUnavailable extends SandboxError {
  override readonly name = 'SandboxUnavailable';
}

interface Job {
  readonly request: ThreadRequest;
  readonly resolve: (text: string) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Where user functions run: in QuickJS, in WebAssembly, in a thread of its own. The host is out of their reach; the
 * interpreter limits their memory; and a thread that does not answer in time is terminated, while the host continues.
 * The next request gets a new one.
 */
export class Sandbox {
  readonly #limits: SandboxLimits;
  readonly #waiting: Job[] = [];
  /** `starting` until the thread is ready for a request. */
  #state: 'none' | 'starting' | 'ready' | 'disposed' = 'none';
  #worker: Worker | undefined;
  /** What the thread is at. */
  #current: Job | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: SandboxLimits) {
    this.#limits = limits;
  }

  /**
   * Starts the thread ahead of the first request where that one is likely: another sandbox of the process has had one. A
   * thread takes longer to start than all else that a first request waits for once the interpreter is compiled.
   */
  prepare(): void {
    if (this.#state === 'none' && isInterpreterWanted()) this.#begin();
  }

  /** @throws InvalidFunction when the text is not a function. */
  async check(source: string): Promise<void> {
    await this.#run({ sources: [source], call: undefined });
  }

  /**
   * Runs map functions over documents, and returns the lines that `prelude.ts` describes.
   * @param documents a JSON array of `[document, meta]`
   * @throws InvalidFunction, SandboxTimeout, or SandboxError when they cannot be run at all.
   */
  map(sources: readonly string[], documents: string): Promise<string> {
    return this.#run({ sources, call: ['map', String(sources.length), documents] });
  }

  /**
   * Runs a reduce function over each of the inputs, and returns a line for each.
   * @param inputs a JSON array of `[keys, values]`; null for keys makes it a rereduce
   * @throws InvalidFunction, SandboxTimeout, or SandboxError when it cannot be run at all.
   */
  reduce(source: string, inputs: string): Promise<string> {
    return this.#run({ sources: [source], call: ['reduce', inputs] });
  }

  /** Terminates the thread and its job. Nothing can be run any more. */
  async dispose(): Promise<void> {
    const worker = this.#worker;
    this.#giveUp(new SandboxUnavailable('the cluster is stopped'));
    this.#state = 'disposed';
    this.#next();
    await worker?.terminate();
  }

  #run(request: ThreadRequest): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      // One that starts ahead of requests keeps the process alive as soon as there is one.
      this.#worker?.ref();
      this.#next();
    });
  }

  /** Passes the next job to the thread, when it is ready and idle. */
  #next(): void {
    if (this.#state === 'disposed') {
      for (const job of this.#waiting.splice(0)) job.reject(new SandboxUnavailable('the cluster is stopped'));
    } else if (this.#state === 'none' && this.#waiting.length > 0) {
      this.#begin();
    } else if (this.#state === 'ready' && this.#current === undefined && this.#waiting.length > 0) {
      this.#current = this.#waiting.shift()!;
      // An idle thread keeps no process alive, one that is at work does.
      this.#worker!.ref();
      this.#worker!.postMessage(this.#current.request);
      this.#timer = setTimeout(() => this.#giveUp(new SandboxTimeout('timeout')), this.#limits.timeMs);
    }
  }

  #begin(): void {
    this.#state = 'starting';
    this.#start().catch((error: Error) => this.#fail(new SandboxUnavailable(`no thread for views: ${error.message}`)));
  }

  async #start(): Promise<void> {
    const { program, wasm } = await loadInterpreterThread();
    if (this.#state !== 'starting') return;
    const { memoryBytes } = this.#limits;
    const workerData: ThreadData = { wasm, memoryBytes, stackBytes: STACK_BYTES, realmsMax: REALMS_MAX };
    const resourceLimits = { stackSizeMb: THREAD_STACK_MIB };
    const worker = new Worker(program, { eval: true, execArgv: [], env: {}, workerData, resourceLimits });
    this.#worker = worker;
    if (this.#waiting.length === 0) worker.unref();
    worker.on('message', (answer: ThreadAnswer) => this.#answered(worker, answer));
    worker.on('error', (error) => this.#ended(worker, error.message));
    worker.on('exit', () => this.#ended(worker, 'it ended'));
  }

  #answered(worker: Worker, answer: ThreadAnswer): void {
    // A thread that was given up may have answered just before.
    if (worker !== this.#worker) return;
    if (answer.kind === 'ready') {
      this.#state = 'ready';
      worker.unref();
      this.#next();
      return;
    }
    if (answer.kind === 'trapped') {
      this.#giveUp(new SandboxError(`the interpreter failed: ${answer.message}`));
      return;
    }
    const job = this.#current!;
    this.#current = undefined;
    clearTimeout(this.#timer);
    worker.unref();
    if (answer.kind === 'done') job.resolve(answer.text);
    else if (answer.kind === 'invalid') job.reject(new InvalidFunction(answer.message));
    else job.reject(new SandboxError(answer.message));
    this.#next();
  }

  #ended(worker: Worker, why: string): void {
    if (worker !== this.#worker) return;
    if (this.#state === 'starting') this.#fail(new SandboxUnavailable(`no thread for views: ${why}`));
    else this.#giveUp(new SandboxError(`the thread for views failed: ${why}`));
  }

  /** An error before a thread is ready would happen to the next one, too: it is not started. */
  #fail(error: SandboxUnavailable): void {
    for (const job of this.#waiting.splice(0)) job.reject(error);
    this.#giveUp(error);
  }

  /** Ends the thread; what it was at has failed with it, and what waits goes to the next one. */
  #giveUp(error: SandboxError): void {
    clearTimeout(this.#timer);
    const job = this.#current;
    this.#current = undefined;
    const worker = this.#worker;
    this.#worker = undefined;
    if (this.#state !== 'disposed') this.#state = 'none';
    // What comes of ending it does not matter: it is not listened to any more.
    worker?.terminate().catch(() => undefined);
    job?.reject(error);
    this.#next();
  }
}

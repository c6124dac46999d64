import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ContenderName, ServerAddress } from './contender.js';
import type { Load } from './load.js';
import type { LapTimes, WorkerAnswer, WorkerRequest } from './worker.js';

const WORKER = fileURLToPath(new URL('./worker.js', import.meta.url));

/** A lap takes a second or so: a client that is silent for this long has lost an answer. */
const ANSWER_MS_MAX = 60_000;

/** One contender in a process of its own, so that heaps and compiled code do not mix. */
export class ClientProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #name: ContenderName;

  private constructor(name: ContenderName, execArgv: readonly string[]) {
    this.#name = name;
    this.#child = fork(WORKER, { execArgv: [...execArgv] });
  }

  /** Starts the process and connects the contender. */
  static async start(
    name: ContenderName,
    server: ServerAddress,
    execArgv: readonly string[] = [],
  ): Promise<ClientProcess> {
    const client = new ClientProcess(name, execArgv);
    await client.#ask({ open: name, server });
    return client;
  }

  async run(load: Load): Promise<LapTimes> {
    const lap = await this.#ask({ run: load });
    return lap!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }

  async #ask(request: WorkerRequest): Promise<LapTimes | undefined> {
    this.#child.send(request);
    const answer = await this.#nextAnswer();
    if ('failure' in answer) throw new Error(`${this.#name}: ${answer.failure}`);
    return answer.lap;
  }

  async #nextAnswer(): Promise<WorkerAnswer> {
    const abort = new AbortController();
    const { signal } = abort;
    try {
      return await Promise.race([
        once(this.#child, 'message', { signal }).then(([answer]) => answer as WorkerAnswer),
        once(this.#child, 'exit', { signal }).then(([status]) => this.#fail(`ended with status ${status}`)),
        sleep(ANSWER_MS_MAX, undefined, { signal }).then(() => this.#fail(`is silent for ${ANSWER_MS_MAX / 1000} s`)),
      ]);
    } finally {
      abort.abort();
    }
  }

  #fail(how: string): never {
    this.#child.kill();
    throw new Error(`the process of ${this.#name} ${how}`);
  }
}

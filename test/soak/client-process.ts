import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

type FromClient = { readonly id: number; readonly result?: unknown; readonly error?: string };

const PROGRAM = resolve(__dirname, 'dist/client-program.js');

/** A process that is an application; `client-program.ts` has the commands that it knows. */
export class ClientProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  #lastId = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message) => this.#receive(message as FromClient));
    child.on('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the client ended: ${signal ?? code}`));
    });
  }

  /** Starts the process; it uses the packages as they were built. */
  static start(): ClientProcess {
    return new ClientProcess(fork(PROGRAM, { execArgv: [], serialization: 'advanced' }));
  }

  get isUp(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** @throws Error when the client cannot, or dies before it has. */
  ask<Result>(command: string, argument?: unknown): Promise<Result> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (!this.isUp) reject(new Error('the client has ended'));
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.#child.send({ id, command, argument }, (error) => error && reject(error));
    });
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.isUp) return;
    const exited = once(this.#child, 'exit');
    this.signal('SIGCONT');
    if (this.#child.connected) this.#child.disconnect();
    await exited;
  }

  #receive({ id, result, error }: FromClient): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error));
  }
}

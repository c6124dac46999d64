import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

interface Served {
  readonly connectionString: string;
  readonly username: string;
  readonly password: string;
  readonly ports: readonly { readonly kv: number }[];
}

/** An embedded cluster in a process of its own, as `cb serve` runs it: for clients that block the thread they are on. */
export class CbServe implements AsyncDisposable {
  readonly served: Served;
  readonly #child: ChildProcess;

  private constructor(served: Served, child: ChildProcess) {
    this.served = served;
    this.#child = child;
  }

  /** Resolves when it takes connections. */
  static async start(...args: readonly string[]): Promise<CbServe> {
    const program = resolve(__dirname, '../../packages/cli/bin/cb.js');
    // Its standard input is a pipe: should this process die in any way, the cluster ends too.
    const child = spawn(process.execPath, [program, 'serve', '--json', ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) return new CbServe(JSON.parse(line), child);
    throw new Error(`cb serve ended with status ${child.exitCode} before it was ready`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.stdin?.end();
    await ended;
  }
}

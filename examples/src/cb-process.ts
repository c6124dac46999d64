import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What `cb serve --json` says when it is ready. */
export interface Served {
  readonly connectionString: string;
  readonly username: string;
  readonly password: string;
  readonly pid: number;
}

/** An embedded cluster in a process of its own, as `cb serve` runs it. */
export class CbProcess implements AsyncDisposable {
  readonly served: Served;
  readonly #child: ChildProcess;

  private constructor(served: Served, child: ChildProcess) {
    this.served = served;
    this.#child = child;
  }

  /** Starts `cb serve` with these arguments; resolves when it takes connections. */
  static async serve(...args: readonly string[]): Promise<CbProcess> {
    const program = fileURLToPath(new URL('../bin/cb.js', import.meta.resolve('@cb/cli')));
    // Its standard input is a pipe of ours: should this process die in any way, the cluster ends too.
    const child = spawn(process.execPath, [program, 'serve', '--json', ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout });
    for await (const line of lines) return new CbProcess(JSON.parse(line), child);
    throw new Error(`cb serve ended with status ${child.exitCode} before it was ready`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.stdin?.end();
    await exit;
  }
}

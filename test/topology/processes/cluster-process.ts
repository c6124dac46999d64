import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/**
 * A cluster whose nodes can be killed with SIGKILL: the cluster in one process, and before each of its nodes a process
 * that has the node's sockets, all of them. Clients reach the nodes through those alone (`network=external`).
 *
 * What a killed process takes with it are the connections and whatever is in them; what the node had stored is in the
 * cluster's process, which is told to stop that node at once.
 */
export class ClusterProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #fronts: ChildProcess[] = [];
  #targets: readonly number[] = [];
  #ports: readonly number[] = [];
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  #lastId = 0;

  private constructor() {
    this.#child = start('cluster-program.js');
    this.#child.on('message', (message) => {
      const { id, result, error } = message as Reply;
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(error));
    });
  }

  /** @param options those of `EmbeddedCluster.start`. */
  static async start(options: object): Promise<ClusterProcess> {
    const cluster = new ClusterProcess();
    cluster.#targets = (await cluster.tell('start', options)) as number[];
    cluster.#ports = await Promise.all(cluster.#targets.map((_target, node) => cluster.#startFront(node, 0)));
    await cluster.tell('advertise', cluster.#ports);
    return cluster;
  }

  /** Without a bucket and options. */
  get connectionString(): string {
    return `couchbase://${this.#ports.map((port) => `127.0.0.1:${port}`).join(',')}`;
  }

  /** Has the cluster do something. */
  tell(command: string, argument?: unknown): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, command, argument });
    });
  }

  async kill(node: number): Promise<void> {
    const front = this.#fronts[node]!;
    const exited = once(front, 'exit');
    front.kill('SIGKILL');
    await Promise.all([exited, this.tell('kill', node)]);
  }

  async restart(node: number): Promise<void> {
    await this.tell('restart', node);
    await this.#startFront(node, this.#ports[node]!);
  }

  async peek(keys: readonly string[]): Promise<(string | undefined)[]> {
    // IPC is JSON, which has null for undefined.
    const values = (await this.tell('peek', keys)) as (string | null)[];
    return values.map((value) => value ?? undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [...this.#fronts, this.#child].map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const exited = once(child, 'exit');
        child.disconnect();
        await exited;
      }),
    );
  }

  async #startFront(node: number, port: number): Promise<number> {
    const front = start('front-program.js', port, this.#targets[node]!);
    this.#fronts[node] = front;
    const [listening] = (await once(front, 'message')) as [number];
    return listening;
  }
}

function start(program: string, ...args: readonly number[]): ChildProcess {
  return fork(resolve(__dirname, program), args.map(String), { execArgv: [] });
}

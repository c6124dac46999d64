import { type ChildProcess, fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { ServicePorts } from '@cb/embedded';

/** What a node process answers to a command, or an item of a replication stream that has an end there. */
type FromNode =
  | { readonly id: number; readonly result?: unknown; readonly error?: string }
  | { readonly stream: number; readonly item: unknown };

/** Called with each item that a node process sends along a replication stream. */
export type ItemListener = (from: NodeProcess, stream: number, item: unknown) => void;

export interface NodeProcessOptions {
  /** As topologies of vbuckets name the node. */
  readonly name: string;
  readonly vbuckets: number;
  readonly onItem: ItemListener;
}

/**
 * Where nodes listen. Below the ports that systems give to outgoing connections, one of which might otherwise take a
 * dead node's port before its next process does.
 */
const PORT_MIN = 20_000;
const PORT_MAX = 32_000;

/** A process that is one node of a cluster; `node-program.js` has the commands that it knows. */
export class NodeProcess {
  readonly name: string;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  #lastId = 0;
  #ports: ServicePorts = { kv: 0, mgmt: 0, capi: 0, n1ql: 0 };

  private constructor({ name, onItem }: NodeProcessOptions) {
    this.name = name;
    this.#child = fork(resolve(__dirname, 'dist/node-program.js'), { execArgv: [], serialization: 'advanced' });
    this.pid = this.#child.pid!;
    this.#child.on('message', (message) => this.#receive(message as FromNode, onItem));
    this.#child.on('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`${name} ended: ${signal ?? code}`));
    });
  }

  /** Starts a node at free ports. */
  static async start(options: NodeProcessOptions): Promise<NodeProcess> {
    for (;;) {
      try {
        return await NodeProcess.startAt(randomInt(PORT_MIN, PORT_MAX), options);
      } catch (error) {
        if (!String(error).includes('EADDRINUSE')) throw error;
      }
    }
  }

  /** Starts a node at these ports: KV, management, views. */
  static async startAt(firstPort: number, options: NodeProcessOptions): Promise<NodeProcess> {
    const node = new NodeProcess(options);
    try {
      node.#ports = await node.ask('start', { ports: firstPort, vbuckets: options.vbuckets });
      return node;
    } catch (error) {
      await node.end();
      throw error;
    }
  }

  get ports(): ServicePorts {
    return this.#ports;
  }

  get isUp(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The signal that ended the process; null while it runs, and when it ended otherwise. */
  get signal(): NodeJS.Signals | null {
    return this.#child.signalCode;
  }

  /**
   * Has the node do something. Commands, answers and items arrive in the order in which they were sent.
   * @throws Error when the node cannot, or dies before it has.
   */
  ask<Result>(command: string, argument?: unknown): Promise<Result> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.#child.send({ id, command, argument }, (error) => error && reject(error));
    });
  }

  /** Hands on an item of a replication stream; to a dead node it is lost. */
  send(stream: number, item: unknown): void {
    if (this.#child.connected) this.#child.send({ stream, item }, () => {});
  }

  /** Ends the process with SIGKILL. */
  async kill(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  /** Stops the process where it is, with its connections open, until `resume`. */
  suspend(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  /** Lets the process end by itself. */
  async end(): Promise<void> {
    if (!this.isUp) return;
    const exited = once(this.#child, 'exit');
    if (this.#child.connected) this.#child.disconnect();
    await exited;
  }

  #receive(message: FromNode, onItem: ItemListener): void {
    if ('stream' in message) {
      onItem(this, message.stream, message.item);
      return;
    }
    const { id, result, error } = message;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error));
  }
}

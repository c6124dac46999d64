import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as net from 'node:net';
import type { ServerAddress } from '../contender.js';

/** A server in a process of its own. */
export class Server implements AsyncDisposable {
  readonly address: ServerAddress;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #end: (child: ChildProcess) => void;

  constructor(address: ServerAddress, child: ChildProcess, end: (child: ChildProcess) => void) {
    this.address = address;
    this.pid = child.pid!;
    this.#child = child;
    this.#end = end;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#end(this.#child);
    await ended;
  }
}

/** Starts a server program that is given a free port, and waits until it takes connections. */
export async function startAtFreePort(
  kind: ServerAddress['kind'],
  program: string,
  args: (port: number) => readonly string[],
): Promise<Server> {
  const port = await freePort();
  const child = spawn(program, args(port), { stdio: ['ignore', 'ignore', 'inherit'] });
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`${program} ended with status ${child.exitCode}`);
  }
  const connectionString = `${kind}://127.0.0.1:${port}`;
  const address = { kind, host: '127.0.0.1', port, connectionString, username: '', password: '', bucket: '' };
  return new Server(address, child, () => child.kill());
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => setTimeout(() => resolve(false), 20));
  });
}

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as net from 'node:net';

/** A memcached of the operating system, started for a test on a free port of loopback. */
export class Memcached implements AsyncDisposable {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(port: number, child: ChildProcess) {
    this.port = port;
    this.#child = child;
  }

  /** Whether the program is there. With `CB_REQUIRE_PEERS` set, as in CI, its absence is an error. */
  static get isInstalled(): boolean {
    try {
      execFileSync('memcached', ['-V'], { stdio: 'ignore' });
      return true;
    } catch (error) {
      if (process.env['CB_REQUIRE_PEERS']) throw error;
      console.warn('memcached is not installed (Debian: apt-get install memcached): tests against it are skipped');
      return false;
    }
  }

  static async start(): Promise<Memcached> {
    const port = await freePort();
    const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
    const child = spawn('memcached', ['-l', '127.0.0.1', '-p', String(port), '-U', '0', '-m', '64', ...user], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    while (!(await accepts(port))) {
      if (child.exitCode !== null) throw new Error(`memcached ended with exit code ${child.exitCode}`);
    }
    return new Memcached(port, child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}

/** A port of loopback that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
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

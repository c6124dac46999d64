import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Server } from './server.js';

const PROGRAM = fileURLToPath(new URL('../bin/cb.js', import.meta.resolve('@cb/cli')));

/** An embedded cluster, run by `cb serve`, in a process of its own. `args` are further options of that command: `--nodes`, `4`. */
export async function startEmbedded(execArgv: readonly string[] = [], args: readonly string[] = []): Promise<Server> {
  const child = spawn(process.execPath, [...execArgv, PROGRAM, 'serve', '--json', ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { connectionString, username, password, buckets, ports } = JSON.parse(line);
    const address = {
      kind: 'embedded' as const,
      host: '127.0.0.1',
      port: ports[0].kv as number,
      connectionString: connectionString as string,
      username: username as string,
      password: password as string,
      bucket: buckets[0] as string,
    };
    return new Server(address, child, () => child.stdin.end());
  }
  throw new Error(`cb serve ended with status ${child.exitCode} before it was ready`);
}

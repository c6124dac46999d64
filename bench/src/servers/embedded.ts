import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Server } from './server.js';

const SECURE_PROGRAM = fileURLToPath(new URL('./secure-program.js', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../bin/cb.js', import.meta.resolve('@cb/cli')));

/**
 * Stored values are outside of V8's heap but count for it, and a small heap is collected whole each time they have grown
 * as much as it is large: with the heap that Node begins with, that is 15 times a second and a third of an upsert.
 */
const HEAP = '--initial-heap-size=256';

/** An embedded cluster, run by `cb serve`, in a process of its own. `args` are further options of that command: `--nodes`, `4`. */
export function startEmbedded(execArgv: readonly string[] = [], args: readonly string[] = []): Promise<Server> {
  return startClusterProgram([HEAP, ...execArgv, PROGRAM, 'serve', '--json', ...args]);
}

/** One that is spoken to through TLS; its certificate is nobody's to know, so that no client verifies it. */
export function startSecure(execArgv: readonly string[] = []): Promise<Server> {
  return startClusterProgram([HEAP, ...execArgv, SECURE_PROGRAM]);
}

/** Starts a program that prints where its cluster is as `cb serve --json` does, and serves until its input ends. */
export async function startClusterProgram(args: readonly string[]): Promise<Server> {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const { connectionString, username, password, buckets, ports } = JSON.parse(line);
    const address = {
      kind: 'embedded' as const,
      host: '127.0.0.1',
      port: ports[0].kv as number,
      viewsPort: ports[0].capi as number,
      connectionString: connectionString as string,
      username: username as string,
      password: password as string,
      bucket: buckets[0] as string,
    };
    return new Server(address, child, () => child.stdin.end());
  }
  throw new Error(`${args.join(' ')} ended with status ${child.exitCode} before it was ready`);
}

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A run that has not ended by itself after this time would run for ever. */
const HANG_MS = 60_000;

/** Whether the program is there. With `CB_REQUIRE_PEERS` set, as in CI, its absence is an error. */
export function isMemccapableInstalled(): boolean {
  try {
    execFileSync('memccapable', ['-h', '127.0.0.1', '-V'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) return true;
    if (process.env['CB_REQUIRE_PEERS']) throw error;
    console.warn('memccapable is not installed (Debian: apt-get install libmemcached-tools): its tests are skipped');
    return false;
  }
}

/** The names of its tests of the binary protocol. */
export const BINARY_TESTS: readonly string[] = [
  ...['noop', 'quit', 'quitq', 'set', 'setq', 'flush', 'flushq', 'add', 'addq', 'replace', 'replaceq'],
  ...['delete', 'deleteq', 'get', 'getq', 'getk', 'getkq', 'incr', 'incrq', 'decr', 'decrq', 'version'],
  ...['append', 'appendq', 'prepend', 'prependq', 'stat'],
];

/** Runs one of the tests against a server; whether it passed. */
export async function memccapable(port: number, test: string): Promise<boolean> {
  const child = spawn('memccapable', ['-h', '127.0.0.1', '-p', String(port), '-t', '10', '-T', `binary ${test}`], {
    stdio: 'ignore',
  });
  const guard = setTimeout(() => child.kill('SIGKILL'), HANG_MS);
  const [exitCode] = (await once(child, 'close')) as [number | null];
  clearTimeout(guard);
  return exitCode === 0;
}

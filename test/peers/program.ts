import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

/** How a program ended. */
export interface Ended {
  /** Undefined when it was killed because it did not end by itself. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that has not ended by itself after this time would run for ever. */
const HANG_MS = 20_000;

/**
 * Runs an ES module, given as its text, in a process of its own with the built packages, as an application would; for
 * what a process does when nobody catches an error, and for when it ends. `input` is the variable `input` there.
 */
export async function runProgram(source: string, input: unknown, hangMs = HANG_MS): Promise<Ended> {
  const program = `const input = ${JSON.stringify(input)};\n${source}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    // Packages are found from here.
    cwd: resolve(__dirname, '..'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const guard = setTimeout(() => child.kill('SIGKILL'), hangMs);
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  clearTimeout(guard);
  return { exitCode: exitCode ?? undefined, stdout, stderr };
}

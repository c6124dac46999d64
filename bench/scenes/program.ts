import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A program that is silent for this long hangs. */
const PROGRAM_MS_MAX = 300_000;

/**
 * Runs one of this folder's programs to its end, in a process of its own with a fresh heap, and gives what it printed:
 * one JSON text.
 * @param args handed over as one JSON text
 * @throws Error with what the program wrote to its standard error, when it failed.
 */
export async function runProgram<T>(name: string, args: object, execArgv: readonly string[] = []): Promise<T> {
  const file = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const running = promisify(execFile)(process.execPath, [...execArgv, file, JSON.stringify(args)], {
    timeout: PROGRAM_MS_MAX,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024 * 1024,
  });
  const { stdout } = await running.catch((failure: Failure) => {
    if (!isCrashAtEnd(failure)) throw failure;
    return failure;
  });
  return JSON.parse(stdout) as T;
}

type Failure = Error & { readonly signal?: NodeJS.Signals | null; readonly stdout: string };

/** Native modules of rivals may crash while the process ends: what was measured is printed by then. */
function isCrashAtEnd({ signal, stdout }: Failure): boolean {
  return (signal === 'SIGSEGV' || signal === 'SIGABRT' || signal === 'SIGBUS') && stdout.endsWith('\n');
}

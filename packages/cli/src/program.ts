import { main } from './main.js';
import { ExitCode } from './terminal/exit-code.js';

/** Runs `cb` as a process: with its arguments, streams and signals, to its exit status. */
export async function runProgram(program: NodeJS.Process): Promise<void> {
  // The reader of a pipe may close it when it has seen enough, which is not a failure.
  program.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') program.exit();
    program.stderr.write(`cb: the standard output cannot be written to: ${error.message}\n`);
    program.exit(ExitCode.failure);
  });
  // There is no stream left to report it on.
  program.stderr.on('error', () => program.exit(ExitCode.failure));
  program.exitCode = await main(program.argv.slice(2), program);
}

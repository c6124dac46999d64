import { main } from './main.js';

/** Runs `cb` as a process: with its arguments, streams and signals, to its exit status. */
export async function runProgram(program: NodeJS.Process): Promise<void> {
  // The reader of a pipe may go away when it has seen enough; that is no failure of ours.
  program.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    program.exit();
  });
  program.exitCode = await main(program.argv.slice(2), program);
}

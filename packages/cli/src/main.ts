import { types } from 'node:util';
import { CouchbaseError, CouchbaseInputError } from '@cb/protocol';
import type { Command } from './command.js';
import { CommandFailure } from './command-failure.js';
import { explainConnstrCommand } from './commands/explain-connstr.js';
import { getCommand } from './commands/get.js';
import { hashCommand } from './commands/hash.js';
import { helpCommand } from './commands/help.js';
import { pillowfightCommand } from './commands/pillowfight.js';
import { pingCommand } from './commands/ping.js';
import { rmCommand } from './commands/rm.js';
import { serveCommand } from './commands/serve.js';
import { upsertCommand } from './commands/upsert.js';
import { versionCommand } from './commands/version.js';
import { ExitCode } from './exit-code.js';
import { findCommand } from './find-command.js';
import { commandHelp } from './help.js';
import { parseArguments } from './parse-arguments.js';
import { printLine, type Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

const commands: readonly Command[] = withHelp([
  serveCommand,
  getCommand,
  upsertCommand,
  rmCommand,
  pingCommand,
  pillowfightCommand,
  hashCommand,
  explainConnstrCommand,
  versionCommand,
]);

/** What people write to find their way. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ['--help', 'help'],
  ['-h', 'help'],
  ['--version', 'version'],
  ['-V', 'version'],
]);

/**
 * Runs one command line, without the `cb` in front of it. Failures that a user can do something about end as a line on
 * the standard error and an exit code; anything else is thrown.
 */
export async function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [word = 'help', ...rest] = argv;
  const name = synonyms.get(word) ?? word;
  try {
    const command = findCommand(commands, name);
    const args = parseArguments(command, rest);
    if (!args.flag('help')) return await command.run(args, terminal);
    printLine(terminal, commandHelp(command));
    return ExitCode.success;
  } catch (error) {
    return explain(name, error, terminal);
  }
}

function withHelp(others: readonly Command[]): readonly Command[] {
  return [...others, helpCommand(others)];
}

function explain(name: string, error: unknown, terminal: Terminal): ExitCode {
  const known = commands.some((command) => command.name === name);
  if (error instanceof UsageError) {
    terminal.stderr.write(`cb${known ? ` ${name}` : ''}: ${error.message}\n`);
    terminal.stderr.write(`Try: cb help${known ? ` ${name}` : ''}\n`);
    return ExitCode.usage;
  }
  if (error instanceof CouchbaseError || error instanceof CommandFailure || isSystemError(error)) {
    terminal.stderr.write(`cb ${name}: ${error.message}\n`);
    return error instanceof CouchbaseInputError && error.status === undefined ? ExitCode.usage : ExitCode.failure;
  }
  throw error;
}

/** A file or a port that cannot be opened, and the like. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return types.isNativeError(error) && 'syscall' in error;
}

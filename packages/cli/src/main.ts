import { types } from 'node:util';
import { type CommandLoader, type CommandTable, findCommand } from './arguments/find-command.js';
import { commandHelp } from './arguments/help.js';
import { parseArguments } from './arguments/parse-arguments.js';
import { helpCommand } from './commands/help.js';
import { CommandFailure } from './terminal/command-failure.js';
import { ExitCode } from './terminal/exit-code.js';
import { printLine, type Terminal } from './terminal/terminal.js';
import { UsageError } from './terminal/usage-error.js';

const commands: CommandTable = new Map<string, CommandLoader>([
  ['serve', async () => (await import('./commands/serve.js')).serveCommand],
  ['get', async () => (await import('./commands/get.js')).getCommand],
  ['upsert', async () => (await import('./commands/upsert.js')).upsertCommand],
  ['rm', async () => (await import('./commands/rm.js')).rmCommand],
  ['query', async () => (await import('./commands/query.js')).queryCommand],
  ['ping', async () => (await import('./commands/ping.js')).pingCommand],
  ['pillowfight', async () => (await import('./commands/pillowfight.js')).pillowfightCommand],
  ['hash', async () => (await import('./commands/hash.js')).hashCommand],
  ['explain-connstr', async () => (await import('./commands/explain-connstr.js')).explainConnstrCommand],
  ['version', async () => (await import('./commands/version.js')).versionCommand],
  ['help', async () => helpCommand(commands)],
]);

/** Common spellings of help and version. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ['--help', 'help'],
  ['-h', 'help'],
  ['--version', 'version'],
  ['-V', 'version'],
]);

/**
 * Runs one command line, without the leading `cb`. Expected failures are printed on the standard error and return an
 * exit code; all others are thrown.
 */
export async function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [word = 'help', ...rest] = argv;
  const name = synonyms.get(word) ?? word;
  try {
    const command = await findCommand(commands, name);
    const args = parseArguments(command, rest);
    if (!args.flag('help')) return await command.run(args, terminal);
    printLine(terminal, commandHelp(command));
    return ExitCode.success;
  } catch (error) {
    return explain(name, error, terminal);
  }
}

async function explain(name: string, error: unknown, terminal: Terminal): Promise<ExitCode> {
  const known = commands.has(name);
  // Imported here, because most commands do not fail and some do not need it.
  const { CouchbaseError, CouchbaseInputError } = await import('@cb/protocol');
  const { closest } = await import('@cb/protocol/internal');
  if (error instanceof UsageError) {
    const { word = '', known: words = [], prefix = '' } = error.unknown ?? {};
    const meant = closest(word, words);
    const hint = meant === undefined ? '' : `; did you mean ${prefix}${meant}?`;
    terminal.stderr.write(`cb${known ? ` ${name}` : ''}: ${error.message}${hint}\n`);
    terminal.stderr.write(`Try: cb help${known ? ` ${name}` : ''}\n`);
    return ExitCode.usage;
  }
  if (error instanceof CouchbaseError || error instanceof CommandFailure || isSystemError(error)) {
    terminal.stderr.write(`cb ${name}: ${error.message}\n`);
    return error instanceof CouchbaseInputError && error.status === undefined ? ExitCode.usage : ExitCode.failure;
  }
  throw error;
}

/** Whether it is an error of the system, such as a file or a port that cannot be opened. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return types.isNativeError(error) && 'syscall' in error;
}

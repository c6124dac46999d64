import { text } from 'node:stream/consumers';
import type { Bucket } from '@cb/promise';
import { bigIntegerTranscoder } from '@cb/raw';
import type { Arguments } from '../arguments/arguments.js';
import type { Command } from '../arguments/command.js';
import { HistoryFile } from '../query/history-file.js';
import { readParameters } from '../query/parameters.js';
import { formatFor, type RowFormat } from '../query/row-output.js';
import { Shell } from '../query/shell.js';
import { runStatement, type StatementSettings } from '../query/statement-run.js';
import { allStatements } from '../query/statements.js';
import { bucketTarget, sessionNotes, sessionOptions, useBucket } from '../session/bucket-session.js';
import { ExitCode } from '../terminal/exit-code.js';
import type { Terminal } from '../terminal/terminal.js';
import { UsageError } from '../terminal/usage-error.js';

const TIMEOUT_MS_MAX = 3_600_000;

export const queryCommand: Command = {
  name: 'query',
  summary: 'Run SQL++ statements, or type them in a shell',
  operands: '[<statement>]',
  operandsMin: 0,
  operandsMax: 1,
  options: {
    ...sessionOptions,
    timeout: { type: 'string', value: 'MS', help: 'Milliseconds for each statement (75000)' },
    scope: { type: 'string', short: 's', value: 'NAME', help: 'Take names of one part for collections of this scope' },
    arg: { type: 'string', short: 'a', value: 'JSON', help: 'Value of $1; again for $2 and so on' },
    param: { type: 'string', short: 'p', value: 'NAME=JSON', help: 'Value of $NAME; again for others' },
    consistency: { type: 'string', value: 'WORD', help: 'not_bounded (the default) or request_plus' },
    readonly: { type: 'boolean', help: 'Refuse statements that change anything' },
    json: { type: 'boolean', help: 'Print rows as lines of JSON, as in a pipe' },
    table: { type: 'boolean', help: 'Print rows as a table, as on a terminal' },
  },
  notes: [
    'Statements are separated by semicolons, and the first that fails is the last. Without any they are read from the',
    'standard input; at a terminal they are typed in a shell, whose lines are kept in ~/.cb_history (CB_HISTORY).',
    '',
    ...sessionNotes,
  ],
  async run(args, terminal) {
    const settings = settingsOf(args, terminal);
    const { spec, options } = await bucketTarget(args, terminal);
    // The time is for statements.
    const { timeout: _timeout, ...others } = options;
    const target = { spec, options: others };
    const [given] = args.operands;
    if (given === undefined && terminal.stdin.isTTY === true) {
      return await useBucket(target, async (bucket) => {
        bucket.transcoder = bigIntegerTranscoder;
        await new Shell(bucket, terminal, HistoryFile.of(terminal.env), { ...settings, prefix: '' }).run();
        return ExitCode.success;
      });
    }
    const statements = allStatements(given ?? (await text(terminal.stdin)));
    if (statements.length === 0) throw new UsageError('there is no statement');
    return await useBucket(target, async (bucket) => {
      bucket.transcoder = bigIntegerTranscoder;
      return await runAll(bucket, terminal, statements, settings);
    });
  },
};

function settingsOf(args: Arguments, terminal: Terminal): StatementSettings {
  const parameters = readParameters(args.texts('arg'), args.texts('param'));
  const consistency = args.choice('consistency', ['not_bounded', 'request_plus']);
  const scope = args.text('scope');
  if (scope === '') throw new UsageError('--scope must not be empty');
  return {
    format: formatOf(args, terminal),
    prefix: 'cb query: ',
    scope,
    timeout: args.whole('timeout', 1, TIMEOUT_MS_MAX),
    query: {
      ...(parameters !== undefined && { parameters }),
      ...(consistency !== undefined && { consistency }),
      ...(args.flag('readonly') && { readonly: true }),
    },
  };
}

function formatOf(args: Arguments, terminal: Terminal): RowFormat {
  if (args.flag('json') && args.flag('table')) throw new UsageError('--json and --table cannot be combined');
  if (args.flag('json')) return 'json';
  return args.flag('table') ? 'table' : formatFor(terminal);
}

/** Runs statements one after the other. Ctrl-C cancels the one that is running, and is a failure. */
async function runAll(
  bucket: Bucket,
  terminal: Terminal,
  statements: readonly string[],
  settings: StatementSettings,
): Promise<ExitCode> {
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  terminal.on('SIGINT', interrupt);
  try {
    for (const statement of statements) {
      const isDone = await runStatement(bucket, terminal, statement, settings, interruption.signal);
      if (!isDone) return ExitCode.failure;
    }
    return ExitCode.success;
  } finally {
    terminal.off('SIGINT', interrupt);
  }
}

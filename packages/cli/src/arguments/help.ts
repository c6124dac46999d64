import type { Command } from './command.js';
import { helpOption } from './parse-arguments.js';

/** Returns the text of `cb help <command>`. */
export function commandHelp(command: Command): string {
  const options = { ...command.options, help: helpOption };
  const rows = Object.entries(options).map(([name, { short, value, help }]): [string, string] => [
    `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
    help,
  ]);
  const notes = command.notes === undefined ? [] : ['', ...command.notes];
  return [
    `Usage: ${['cb', command.name, '[options]', command.operands].join(' ').trimEnd()}`,
    '',
    `${command.summary}.`,
    ...notes,
    '',
    'Options:',
    ...columns(rows),
  ].join('\n');
}

/** Returns the text of `cb help`. */
export function overview(commands: readonly Command[]): string {
  return [
    'Usage: cb <command> [options]',
    '',
    'Commands:',
    ...columns(commands.map(({ name, summary }) => [name, summary])),
    '',
    'cb help <command> describes one of them.',
    '',
    'Exit status: 0 for success, 1 for a failure, 2 for an invalid command line.',
  ].join('\n');
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

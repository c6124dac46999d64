import type { Arguments } from '../arguments/arguments.js';
import type { Command } from '../arguments/command.js';
import { type CommandTable, findCommand } from '../arguments/find-command.js';
import { commandHelp, overview } from '../arguments/help.js';
import { ExitCode } from '../terminal/exit-code.js';
import { printLine, type Terminal } from '../terminal/terminal.js';

/** Creates `cb help`, which needs the commands that it explains. */
export function helpCommand(commands: CommandTable): Command {
  return {
    name: 'help',
    summary: 'Explain cb or one of its commands',
    operands: '[<command>]',
    operandsMin: 0,
    operandsMax: 1,
    options: {},
    async run(args: Arguments, terminal: Terminal) {
      const [name] = args.operands;
      const text =
        name === undefined
          ? overview(await Promise.all([...commands.values()].map((load) => load())))
          : commandHelp(await findCommand(commands, name));
      printLine(terminal, text);
      return ExitCode.success;
    },
  };
}

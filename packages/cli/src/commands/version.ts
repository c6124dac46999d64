import type { Command } from '../arguments/command.js';
import { ExitCode } from '../terminal/exit-code.js';
import { printLine } from '../terminal/terminal.js';
import { VERSION } from '../terminal/version.js';

export const versionCommand: Command = {
  name: 'version',
  summary: 'Print the version of cb',
  operands: '',
  operandsMin: 0,
  operandsMax: 0,
  options: {},
  async run(_args, terminal) {
    printLine(terminal, `cb ${VERSION}`);
    return ExitCode.success;
  },
};

import type { Command } from '../command.js';
import { ExitCode } from '../exit-code.js';
import { printLine } from '../terminal.js';
import { VERSION } from '../version.js';

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

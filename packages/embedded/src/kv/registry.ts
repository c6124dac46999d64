import type { Command } from './command.js';
import { noop } from './commands/noop.js';

/** Every command that is served. */
const ALL: readonly Command[] = [noop];

/** By opcode; undefined is an unknown command. */
export const COMMANDS: readonly (Command | undefined)[] = byOpcode(ALL);

function byOpcode(commands: readonly Command[]): (Command | undefined)[] {
  const table = new Array<Command | undefined>(256).fill(undefined);
  for (const command of commands) table[command.opcode] = command;
  return table;
}

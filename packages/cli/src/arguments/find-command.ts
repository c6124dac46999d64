import { UsageError } from '../terminal/usage-error.js';
import type { Command } from './command.js';

/** Loads a command, and no other: most of them load a client or a cluster. */
export type CommandLoader = () => Promise<Command>;

/** The commands by their names. */
export type CommandTable = ReadonlyMap<string, CommandLoader>;

/** @throws UsageError with the most similar name */
export function findCommand(commands: CommandTable, name: string): Promise<Command> {
  const load = commands.get(name);
  if (load !== undefined) return load();
  const unknown = { word: name, known: [...commands.keys()], prefix: '' };
  throw new UsageError(`unknown command ${JSON.stringify(name)}`, unknown);
}

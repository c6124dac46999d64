import type { Command } from './command.js';
import { UsageError } from './usage-error.js';

/** Loads a command: only the one that is asked for, as most have a client or a cluster with them. */
export type CommandLoader = () => Promise<Command>;

/** The commands by their names. */
export type CommandTable = ReadonlyMap<string, CommandLoader>;

/** @throws UsageError, with the nearest name that there is */
export function findCommand(commands: CommandTable, name: string): Promise<Command> {
  const load = commands.get(name);
  if (load !== undefined) return load();
  const unknown = { word: name, known: [...commands.keys()], prefix: '' };
  throw new UsageError(`there is no command ${JSON.stringify(name)}`, unknown);
}

import { closest } from '@cb/protocol';
import type { Command } from './command.js';
import { UsageError } from './usage-error.js';

/** @throws UsageError, with the nearest name that there is */
export function findCommand(commands: readonly Command[], name: string): Command {
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const hint = closest(
    name,
    commands.map((candidate) => candidate.name),
  );
  throw new UsageError(
    `there is no command ${JSON.stringify(name)}${hint === undefined ? '' : `; did you mean ${hint}?`}`,
  );
}

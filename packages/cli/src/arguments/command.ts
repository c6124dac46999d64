import type { ExitCode } from '../terminal/exit-code.js';
import type { Terminal } from '../terminal/terminal.js';
import type { Arguments } from './arguments.js';

export interface OptionEntry {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** The placeholder of the value in the help: `N`, `FILE`. Without it the option does not take a value. */
  readonly value?: string;
  readonly help: string;
  /** Whether the value is kept out of messages. */
  readonly isSecret?: boolean;
}

export type OptionTable = Readonly<Record<string, OptionEntry>>;

/** A command of `cb`: its arguments, as data, and its function. */
export interface Command {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** The operands as the usage shows them. */
  readonly operands: string;
  readonly operandsMin: number;
  readonly operandsMax: number;
  readonly options: OptionTable;
  /** Further lines of the help. */
  readonly notes?: readonly string[];
  /**
   * Runs the command.
   * @throws UsageError for invalid values of options
   * @throws CouchbaseError when a server or the connection fails
   */
  run(args: Arguments, terminal: Terminal): Promise<ExitCode>;
}

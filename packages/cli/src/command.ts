import type { Arguments } from './arguments.js';
import type { ExitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';

export interface OptionEntry {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** What stands for the value in the help: `N`, `FILE`. Without it the option takes no value. */
  readonly value?: string;
  readonly help: string;
  /** The value is not repeated in messages. */
  readonly isSecret?: boolean;
}

export type OptionTable = Readonly<Record<string, OptionEntry>>;

/** One word after `cb`: what it takes, as data, and what it does. */
export interface Command {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** The operands as the usage shows them. */
  readonly operands: string;
  readonly operandsMin: number;
  readonly operandsMax: number;
  readonly options: OptionTable;
  /** What else the help has to say, in lines. */
  readonly notes?: readonly string[];
  /**
   * @throws UsageError when the values of options do not make sense
   * @throws CouchbaseError when a server, or the way to it, fails
   */
  run(args: Arguments, terminal: Terminal): Promise<ExitCode>;
}

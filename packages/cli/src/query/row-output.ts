import { once } from 'node:events';
import { stringifyJson } from '@cb/raw/internal';
import type { Terminal } from '../terminal/terminal.js';
import { RowTable } from './row-table.js';

/** How rows are printed: as lines of JSON, or as a table. */
export type RowFormat = 'json' | 'table';

/** Returns the format for an output: a table for eyes, lines of JSON for programs. */
export function formatFor({ stdout }: Terminal): RowFormat {
  return stdout.isTTY === true ? 'table' : 'json';
}

/** Prints rows, at the speed of their reader. */
export class RowOutput {
  readonly #terminal: Terminal;
  readonly #table: RowTable | undefined;

  constructor(terminal: Terminal, format: RowFormat) {
    // A terminal whose size is unknown says 0.
    const columns = terminal.stdout.columns || Number.POSITIVE_INFINITY;
    this.#terminal = terminal;
    this.#table = format === 'table' ? new RowTable(columns) : undefined;
  }

  /** Prints rows, or keeps them until their table is complete. */
  async add(rows: readonly unknown[]): Promise<void> {
    await this.#print(this.#table === undefined ? rows.map((row) => stringifyJson(row)) : this.#table.add(rows));
  }

  /** Prints what was kept. */
  async end(): Promise<void> {
    await this.#print(this.#table?.end() ?? []);
  }

  async #print(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const { stdout } = this.#terminal;
    if (!stdout.write(`${lines.join('\n')}\n`)) await once(stdout, 'drain');
  }
}

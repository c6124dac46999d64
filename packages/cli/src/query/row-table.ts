import { stringifyJson } from '@cb/raw/internal';
import { cutText, textWidth, visibleText } from './text-width.js';

/** Maximum number of rows under one head: more of them begin another table, so that rows are not all kept. */
const ROWS_MAX = 500;
/** Maximum width of a cell in columns of the terminal. */
const CELL_MAX = 60;
/** Width that no column is made narrower than, however narrow the terminal is. */
const CELL_MIN = 6;
const BETWEEN = ' | ';
/** The name of the column of rows that are not objects. */
const VALUE = 'value';

interface Column {
  readonly name: string;
  readonly isNumeric: boolean;
  readonly width: number;
}

/** Rows as a table, with a column for each name that any of them has. */
export class RowTable {
  readonly #widthMax: number;
  #rows: Readonly<Record<string, unknown>>[] = [];

  /** @param widthMax number of columns of the terminal; infinite when lines may have any length */
  constructor(widthMax: number) {
    this.#widthMax = widthMax;
  }

  /** Adds rows, and returns the lines of the tables that they complete. */
  add(rows: readonly unknown[]): string[] {
    const lines: string[] = [];
    for (const row of rows) {
      this.#rows.push(membersOf(row));
      if (this.#rows.length === ROWS_MAX) lines.push(...this.end(), '');
    }
    return lines;
  }

  /** Returns the lines of the last table; none when there are no rows. */
  end(): string[] {
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length === 0) return [];
    const columns = this.#columnsOf(rows);
    return [
      lineOf(columns.map((column) => padded(column.name, { ...column, isNumeric: false }))),
      columns.map(({ width }) => '-'.repeat(width)).join('-+-'),
      ...rows.map((row) => lineOf(columns.map((column) => padded(cellText(row[column.name]), column)))),
    ];
  }

  #columnsOf(rows: readonly Readonly<Record<string, unknown>>[]): Column[] {
    const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const columns = names.map((name) => {
      const values = rows.map((row) => row[name]).filter((value) => value !== undefined);
      const widths = values.map((value) => textWidth(cellText(value)));
      const isNumeric = values.every((value) => typeof value === 'number' || typeof value === 'bigint');
      const widest = widths.reduce((max, width) => Math.max(max, width), textWidth(visibleText(name)));
      return { name, isNumeric, width: Math.max(1, Math.min(CELL_MAX, widest)) };
    });
    return this.#fitted(columns);
  }

  /** Narrows the widest columns until a line fits. */
  #fitted(columns: readonly Column[]): Column[] {
    const fitted = [...columns];
    const limit = this.#widthMax - BETWEEN.length * (columns.length - 1);
    let total = fitted.reduce((sum, { width }) => sum + width, 0);
    while (total > limit) {
      const widest = fitted.reduce((max, { width }, index) => (width > fitted[max]!.width ? index : max), 0);
      const { width } = fitted[widest]!;
      if (width <= CELL_MIN) break;
      fitted[widest] = { ...fitted[widest]!, width: width - 1 };
      total--;
    }
    return fitted;
  }
}

function membersOf(row: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof row === 'object' && row !== null && !Array.isArray(row);
  // Without any member there would be a column of nothing.
  return isObject && Object.keys(row).length > 0 ? (row as Record<string, unknown>) : { [VALUE]: row };
}

function cellText(value: unknown): string {
  if (value === undefined) return '';
  return visibleText(typeof value === 'string' ? value : stringifyJson(value));
}

function padded(text: string, { isNumeric, width }: Column): string {
  const cut = cutText(visibleText(text), width);
  const space = ' '.repeat(width - textWidth(cut));
  return isNumeric ? space + cut : cut + space;
}

function lineOf(cells: readonly string[]): string {
  return cells.join(BETWEEN).trimEnd();
}

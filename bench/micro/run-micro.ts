import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Spread } from '../src/statistics.js';
import { SUITES, type SuiteName } from './micro-case.js';

export interface MicroRow {
  readonly name: string;
  readonly unit: string;
  /** For one step. */
  readonly nanoseconds: Spread;
}

export interface MicroTable {
  readonly suite: SuiteName;
  readonly rows: readonly MicroRow[];
}

const WORKER = fileURLToPath(new URL('./worker.js', import.meta.url));

/** Measures every hot file, each in a process of its own. */
export function runMicro(rounds: number, quick: boolean): MicroTable[] {
  return SUITES.map((suite) => {
    const output = execFileSync(process.execPath, [WORKER, suite, String(rounds), quick ? 'quick' : 'full']);
    return { suite, rows: JSON.parse(output.toString()) };
  });
}

export function microMarkdown(tables: readonly MicroTable[]): string {
  return tables
    .map(({ suite, rows }) =>
      [
        `## ${suite}`,
        '',
        '|  | ns | least to most | for one |',
        '|---|---:|---:|---|',
        ...rows.map(({ name, unit, nanoseconds: { median, min, max } }) => {
          return `| ${name} | ${digits(median)} | ${digits(min)} to ${digits(max)} | ${unit} |`;
        }),
      ].join('\n'),
    )
    .join('\n\n');
}

function digits(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0);
}

import { closest } from '@cb/protocol/internal';
import { UsageError } from '../terminal/usage-error.js';
import { readNamed } from './parameters.js';
import type { StatementSettings } from './statement-run.js';

/** What a word of the shell does: new settings, lines to print, or the end. */
export interface WordEffect {
  readonly settings?: StatementSettings;
  readonly lines?: readonly string[];
  readonly isEnd?: boolean;
}

interface ShellWord {
  readonly operand: string;
  readonly help: string;
  run(operand: string, settings: StatementSettings): WordEffect;
}

const words: Readonly<Record<string, ShellWord>> = {
  help: { operand: '', help: 'Show this help', run: () => ({ lines: helpLines() }) },
  quit: { operand: '', help: 'End, as Ctrl-D does', run: () => ({ isEnd: true }) },
  scope: {
    operand: '[NAME]',
    help: 'Take names of one part for collections of this scope; without a name, for buckets',
    run: (operand, settings) => ({ settings: { ...settings, scope: operand === '' ? undefined : operand } }),
  },
  table: {
    operand: '',
    help: 'Print rows as a table',
    run: (_operand, settings) => ({ settings: { ...settings, format: 'table' } }),
  },
  json: {
    operand: '',
    help: 'Print rows as lines of JSON',
    run: (_operand, settings) => ({ settings: { ...settings, format: 'json' } }),
  },
  param: {
    operand: '[NAME=JSON]',
    help: 'Set a parameter of the statements that follow; without one, forget all',
    run: setParameter,
  },
};

/**
 * Does what a line that begins with a dot asks for.
 * @throws UsageError when there is no such word, or its operand is wrong
 */
export function runWord(line: string, settings: StatementSettings): WordEffect {
  const [, name = '', operand = ''] = /^\.(\w*)\s*(.*?)[\s;]*$/s.exec(line) ?? [];
  const word = words[name];
  if (word === undefined) {
    const meant = closest(name, Object.keys(words));
    throw new UsageError(`there is no .${name}${meant === undefined ? '; see .help' : `; did you mean .${meant}?`}`);
  }
  if (word.operand === '' && operand !== '') throw new UsageError(`.${name} does not take an operand`);
  return word.run(operand, settings);
}

function setParameter(operand: string, settings: StatementSettings): WordEffect {
  const { parameters: _all, ...others } = settings.query;
  if (operand === '') return { settings: { ...settings, query: others } };
  const [name, value] = readNamed(operand);
  const { parameters } = settings.query;
  const known = Array.isArray(parameters) ? {} : parameters;
  return { settings: { ...settings, query: { ...others, parameters: { ...known, [name]: value } } } };
}

function helpLines(): string[] {
  const rows = Object.entries(words).map(([name, { operand, help }]) => [`.${name} ${operand}`.trim(), help] as const);
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    'A statement may have several lines, and ends with a semicolon. Ctrl-C cancels it.',
    '',
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
  ];
}

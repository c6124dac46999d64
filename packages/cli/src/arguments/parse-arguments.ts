import { parseArgs } from 'node:util';
import { UsageError } from '../terminal/usage-error.js';
import { Arguments } from './arguments.js';
import type { Command, OptionEntry, OptionTable } from './command.js';

/** An option of every command. */
export const helpOption: OptionEntry = { type: 'boolean', short: 'h', help: 'Show this help' };

/**
 * Reads a command line by the options and operands of `command`.
 * @throws UsageError naming the first error, with the most similar valid name if there is one
 */
export function parseArguments(command: Command, argv: readonly string[]): Arguments {
  const options: OptionTable = { ...command.options, help: helpOption };
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(Object.entries(options).map(([name, entry]) => [name, typeOf(entry)])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const value = checkOption(token, options[token.name], Object.keys(options));
    values.set(token.name, [...(values.get(token.name) ?? []), value]);
  }
  const args = new Arguments(operands, values);
  if (!args.flag('help')) checkOperands(command, operands);
  return args;
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function typeOf({ type, short }: OptionEntry): { type: 'string' | 'boolean'; short?: string } {
  return short === undefined ? { type } : { type, short };
}

function checkOption(token: OptionToken, entry: OptionEntry | undefined, known: readonly string[]): string {
  const { rawName, value, inlineValue } = token;
  if (entry === undefined) {
    throw new UsageError(`unknown option ${rawName}`, { word: token.name, known, prefix: '--' });
  }
  if (entry.type === 'boolean') {
    if (value !== undefined) throw new UsageError(`${rawName} does not take a value`);
    return '';
  }
  if (value === undefined) throw new UsageError(`${rawName} needs a value: ${rawName} ${entry.value}`);
  if (inlineValue === false && value.length > 1 && value.startsWith('-')) {
    const meant = entry.isSecret === true ? 'what begins with a hyphen' : value;
    const written = entry.isSecret === true ? entry.value : value;
    throw new UsageError(`${rawName} needs a value; if ${meant} is meant to be it, write --${token.name}=${written}`);
  }
  return value;
}

function checkOperands({ operands, operandsMin, operandsMax }: Command, given: readonly string[]): void {
  if (given.length < operandsMin) throw new UsageError(`an operand is missing: ${operands}`);
  const extra = given[operandsMax];
  if (extra !== undefined) throw new UsageError(`unexpected operand ${JSON.stringify(extra)}`);
}

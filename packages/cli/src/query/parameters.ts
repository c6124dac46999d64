import { bigIntegerTranscoder, FMT_JSON } from '@cb/raw';
import { UsageError } from '../terminal/usage-error.js';

/** Values of `$1`, `$2`, … or of names. */
export type StatementParameters = readonly unknown[] | Readonly<Record<string, unknown>>;

/**
 * Returns the parameters of a statement, of which there are positional or named ones.
 * @throws UsageError for a value that is not JSON, and for both kinds at once
 */
export function readParameters(
  positional: readonly string[],
  named: readonly string[],
): StatementParameters | undefined {
  if (named.length === 0)
    return positional.length === 0 ? undefined : positional.map((text) => readValue('--arg', text));
  if (positional.length > 0) throw new UsageError('--arg and --param cannot be combined');
  return Object.fromEntries(named.map(readNamed));
}

/**
 * Reads `name=JSON`.
 * @throws UsageError for another form
 */
export function readNamed(text: string): readonly [name: string, value: unknown] {
  const [, name, value] = /^\$?(\w+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new UsageError(`a parameter is NAME=JSON, not ${JSON.stringify(text)}`);
  }
  return [name, readValue(name, value)];
}

function readValue(name: string, text: string): unknown {
  try {
    return bigIntegerTranscoder.decodeValue(Buffer.from(text), FMT_JSON);
  } catch {
    throw new UsageError(`${name} must be JSON, in which a text has quotes, and not ${JSON.stringify(text)}`);
  }
}

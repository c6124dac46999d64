import { closest } from './closest.js';
import { ArgumentError } from './errors/client-errors.js';

/** The type of an option of the connection string. */
export interface OptionSpec {
  /** `duration`s are parsed into milliseconds. */
  readonly type: 'duration' | 'integer' | 'number' | 'boolean' | 'choice' | 'text';
  readonly description: string;
  /** The value when the option is absent; undefined when there is none. */
  readonly default: number | boolean | string | undefined;
  /** Aliases of the option, from other SDKs. */
  readonly aliases?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly values?: readonly string[];
}

/** Maximum duration of timers: 2^31 - 1 milliseconds, almost 25 days. */
const DURATION_MS_MAX = 0x7fff_ffff;

/**
 * Minimum numbers that are accepted as milliseconds under names that options have in libcouchbase, where numbers
 * without a unit are seconds (libcouchbase, include/libcouchbase/couchbase.h, LCB_CNTL_*).
 */
const SECONDS_ELSEWHERE: ReadonlyMap<string, number> = new Map([
  ['timeout', 1000],
  ['operation_timeout', 1000],
  ['config_total_timeout', 1000],
  ['config_node_timeout', 1000],
  ['views_timeout', 1000],
  ['query_timeout', 1000],
  ['search_timeout', 1000],
  ['http_timeout', 1000],
  ['durability_timeout', 1000],
  ['durability_interval', 10],
  ['config_poll_interval', 10],
]);

/**
 * Parses the value of an option.
 * @throws ArgumentError naming the option, what it accepts, and for a misspelt word the one that was probably meant.
 */
export function readOptionValue(name: string, text: string, spec: OptionSpec): number | boolean | string {
  const value = PARSERS[spec.type](text, spec);
  if (value !== undefined) {
    const isSeconds = /^\d+$/.test(text) && Number(value) > 0 && Number(value) < (SECONDS_ELSEWHERE.get(name) ?? 0);
    if (!isSeconds) return value;
    throw new ArgumentError(
      `connection string: ${name}=${text} would be seconds in libcouchbase, and is milliseconds here: write ${text}s or ${text}ms`,
    );
  }
  const meant = closest(text, spec.values ?? []);
  const help = meant === undefined ? '' : `; did you mean ${meant}?`;
  throw new ArgumentError(`connection string: ${name} must be ${accepted(spec)}, not ${JSON.stringify(text)}${help}`);
}

const PARSERS: { readonly [Type in OptionSpec['type']]: (text: string, spec: OptionSpec) => OptionValue } = {
  duration: (text, spec) => within(parseDuration(text), spec, DURATION_MS_MAX),
  integer: (text, spec) => within(/^\d+$/.test(text) ? Number(text) : undefined, spec),
  number: (text, spec) => within(/^\d+(\.\d+)?(e-?\d+)?$/.test(text) ? Number(text) : undefined, spec),
  boolean: (text) => BOOLEANS.get(text.toLowerCase()),
  choice: (text, spec) => spec.values?.find((each) => each === text),
  text: (text) => (text === '' ? undefined : text),
};

type OptionValue = number | boolean | string | undefined;

const BOOLEANS = new Map([
  ...['true', '1', 'yes', 'on'].map((word) => [word, true] as const),
  ...['false', '0', 'no', 'off'].map((word) => [word, false] as const),
]);

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Returns milliseconds; undefined when the text is not a duration, or not a whole number of them. */
function parseDuration(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ms|s|m|h)/g)) total += Number(amount) * UNITS_MS[unit!]!;
  // 2.3 * 1000 is not a whole number in binary fractions, so that it is rounded.
  const rounded = Math.round(total);
  return Math.abs(total - rounded) < 1e-6 ? rounded : undefined;
}

function within(value: number | undefined, { min = 0, max }: OptionSpec, limit = max ?? 0): number | undefined {
  return value !== undefined && value >= min && value <= limit ? value : undefined;
}

function accepted({ type, min = 0, max, values = [] }: OptionSpec): string {
  switch (type) {
    case 'duration':
      return `a duration in whole milliseconds from ${min} to ${DURATION_MS_MAX}: 2500, or with a unit 2.5s, 500ms, 10m, 1h`;
    case 'integer':
      return `an integer from ${min} to ${max}`;
    case 'number':
      return `a number from ${min} to ${max}`;
    case 'boolean':
      return 'true or false (also yes, no, on, off, 1, 0)';
    case 'choice':
      return `one of ${values.join(', ')}`;
    case 'text':
      return 'a text that is not empty';
  }
}

import type { Durability } from '@cb/raw';
import type { Arguments } from '../arguments/arguments.js';
import type { OptionTable } from '../arguments/command.js';
import { UsageError } from '../terminal/usage-error.js';

const ITEMS_MAX = 100_000_000;
const BYTES_MAX = 20 * 1024 * 1024;
const WHOLE_MAX = 2 ** 31 - 1;
const DURABILITY = ['none', 'majority', 'majorityAndPersistToActive', 'persistToMajority'] as const;

/** The options of a load. Names and most defaults are those of libcouchbase's cbc-pillowfight. */
export interface PillowfightPlan {
  /** Operations in flight. */
  readonly batchSize: number;
  readonly items: number;
  readonly keyPrefix: string;
  readonly startAt: number;
  readonly setPercent: number;
  readonly populates: boolean;
  readonly populateOnly: boolean;
  readonly minBytes: number;
  readonly maxBytes: number;
  /** Number of operations for each place in the batch; undefined for no limit. */
  readonly cycles: number | undefined;
  readonly isSequential: boolean;
  /** Maximum operations per second; undefined for no limit. */
  readonly rateLimit: number | undefined;
  readonly storesJson: boolean;
  readonly isNoop: boolean;
  readonly expiry: number;
  readonly seed: number;
  /** The collections, as `scope.collection`, used in turn; empty for the default one. */
  readonly collections: readonly string[];
  readonly durability: Durability | undefined;
  readonly showsTimings: boolean;
}

export const pillowfightOptions: OptionTable = {
  'batch-size': { type: 'string', short: 'B', value: 'N', help: 'Operations in flight (100)' },
  'num-items': { type: 'string', short: 'I', value: 'N', help: 'Documents (1000)' },
  'key-prefix': { type: 'string', short: 'p', value: 'WORD', help: 'Prefix of keys (none)' },
  'start-at': { type: 'string', value: 'N', help: 'The number of the first document (0)' },
  'set-pct': { type: 'string', short: 'r', value: 'N', help: 'Percentage of writes; the others are reads (33)' },
  'no-population': { type: 'boolean', short: 'n', help: 'Do not write all documents first' },
  'populate-only': { type: 'boolean', help: 'Write all documents and stop' },
  'min-size': { type: 'string', short: 'm', value: 'BYTES', help: 'Smallest value (50)' },
  'max-size': { type: 'string', short: 'M', value: 'BYTES', help: 'Largest value (5120)' },
  'num-cycles': { type: 'string', short: 'c', value: 'N', help: 'Operations for each in flight; -1 for no limit (-1)' },
  sequential: { type: 'boolean', help: 'Take the documents in turn, not at random' },
  'rate-limit': { type: 'string', value: 'N', help: 'Maximum operations per second (no limit)' },
  json: { type: 'boolean', short: 'J', help: 'Store JSON documents instead of bytes' },
  noop: { type: 'boolean', help: 'Send operations that do nothing' },
  expiry: { type: 'string', short: 'e', value: 'SECONDS', help: 'Expiry of written documents (never)' },
  'random-seed': { type: 'string', value: 'N', help: 'Same seed, same load (0)' },
  collection: { type: 'string', value: 'S.C', help: 'Use this collection; may be given more than once' },
  durability: { type: 'string', short: 'd', value: 'LEVEL', help: `One of ${DURABILITY.join(', ')} (none)` },
  timings: { type: 'boolean', short: 'T', help: 'Show the distribution of latencies at the end' },
};

/** @throws UsageError for invalid values or combinations */
export function pillowfightPlan(args: Arguments): PillowfightPlan {
  const minBytes = args.whole('min-size', 1, BYTES_MAX) ?? 50;
  const maxBytes = args.whole('max-size', 1, BYTES_MAX) ?? Math.max(5120, minBytes);
  if (maxBytes < minBytes) throw new UsageError(`--max-size (${maxBytes}) is below --min-size (${minBytes})`);
  if (args.flag('no-population') && args.flag('populate-only')) {
    throw new UsageError('--no-population cannot be combined with --populate-only');
  }
  const durability = args.choice('durability', DURABILITY) ?? 'none';
  return {
    batchSize: args.whole('batch-size', 1, 100_000) ?? 100,
    items: args.whole('num-items', 1, ITEMS_MAX) ?? 1000,
    keyPrefix: args.text('key-prefix') ?? '',
    startAt: args.whole('start-at', 0, ITEMS_MAX) ?? 0,
    setPercent: args.whole('set-pct', 0, 100) ?? 33,
    populates: !args.flag('no-population') && !args.flag('noop'),
    populateOnly: args.flag('populate-only'),
    minBytes,
    maxBytes,
    cycles: args.text('num-cycles') === '-1' ? undefined : args.whole('num-cycles', 1, WHOLE_MAX),
    isSequential: args.flag('sequential'),
    rateLimit: args.whole('rate-limit', 1, WHOLE_MAX),
    storesJson: args.flag('json'),
    isNoop: args.flag('noop'),
    expiry: args.whole('expiry', 0, WHOLE_MAX) ?? 0,
    seed: args.whole('random-seed', 0, WHOLE_MAX) ?? 0,
    collections: args.texts('collection').map(checkCollection),
    durability: durability === 'none' ? undefined : durability,
    showsTimings: args.flag('timings'),
  };
}

function checkCollection(path: string): string {
  if (/^[^.]+\.[^.]+$/.test(path)) return path;
  throw new UsageError(`--collection must be SCOPE.COLLECTION, not ${JSON.stringify(path)}`);
}

import { ArgumentError } from '@cb/protocol';
import { booleanOption, finiteMsOption } from '../base/check-options.js';

/** How a bucket's disk behaves. By default everything is in memory and nothing waits. */
export interface DiskOptions {
  /**
   * Milliseconds that a read of a document takes whose value is on disk only. A request for such a document waits for so
   * long; with unordered execution others overtake it, without, everything behind it on its connection waits too.
   * Default 0: nothing waits.
   */
  readonly readLagMs?: number | undefined;
  /**
   * The share of documents whose value is on disk only, from 0 to 1. What is read comes into memory, and another one
   * leaves; the cluster's seed decides which. What is not persisted stays. Default 0.
   */
  readonly evictionRatio?: number | undefined;
  /**
   * Milliseconds that it takes to write one mutation to disk. They are written one after the other, for each bucket of
   * each node, and count as persisted when their turn has come, `persistenceLagMs` after they were made at the earliest.
   * Default 0: at once.
   */
  readonly diskWriteMsPerItem?: number | undefined;
  /**
   * Enforces the memory that a bucket has on each node (`ramQuotaMb`): values that are persisted leave memory at 85 % of it
   * until 75 % is taken, and requests that take memory are refused as a temporary failure (status 0x86) above 93 %. Default false.
   */
  readonly limitMemory?: boolean | undefined;
}

export const DISK_OPTION_NAMES = [
  'readLagMs',
  'evictionRatio',
  'diskWriteMsPerItem',
  'limitMemory',
] as const satisfies readonly (keyof DiskOptions)[];

/** The same options, each with its value. */
export type DiskSettings = { readonly [option in keyof DiskOptions]-?: NonNullable<DiskOptions[option]> };

/** The default disk options. */
export const DISK_DEFAULT: DiskSettings = {
  readLagMs: 0,
  evictionRatio: 0,
  diskWriteMsPerItem: 0,
  limitMemory: false,
};

/**
 * The settings that the options ask for; `prefix` stands before the name of one in errors.
 * @throws ArgumentError for one that is out of range.
 */
export function diskSettings(options: DiskOptions, defaults: DiskSettings, prefix = ''): DiskSettings {
  return {
    readLagMs: finiteMsOption(options.readLagMs, `${prefix}readLagMs`, defaults.readLagMs),
    evictionRatio: ratioOption(options.evictionRatio, `${prefix}evictionRatio`, defaults.evictionRatio),
    diskWriteMsPerItem: finiteMsOption(
      options.diskWriteMsPerItem,
      `${prefix}diskWriteMsPerItem`,
      defaults.diskWriteMsPerItem,
    ),
    limitMemory: booleanOption(options.limitMemory, `${prefix}limitMemory`, defaults.limitMemory),
  };
}

/**
 * The ratio, or the default when undefined.
 * @throws ArgumentError when it is not a number from 0 to 1.
 */
export function ratioOption(value: unknown, name: string, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) {
    throw new ArgumentError(`${name} must be a number from 0 to 1, not ${String(value)}`);
  }
  return value;
}

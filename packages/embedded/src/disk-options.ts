import { ArgumentError } from '@cb/protocol';
import { lagOption } from './check-options.js';

/** How a bucket's disk behaves. By default everything is in memory and nothing waits. */
export interface DiskOptions {
  /**
   * Milliseconds that a read of a document takes whose value is on disk only. A request for such a document waits for so
   * long; with unordered execution others overtake it, without, everything behind it on its connection waits too.
   * Default 0: nothing waits.
   */
  readonly readLagMs?: number;
  /**
   * The share of documents whose value is on disk only, from 0 to 1. What is read comes into memory, and another one
   * leaves; the cluster's seed decides which. What is not persisted stays. Default 0.
   */
  readonly evictionRatio?: number;
}

export const DISK_OPTION_NAMES = ['readLagMs', 'evictionRatio'] as const satisfies readonly (keyof DiskOptions)[];

export type DiskSettings = Required<DiskOptions>;

/** What a bucket has that says nothing of its disk, in a cluster that says nothing either. */
export const DISK_DEFAULT: DiskSettings = { readLagMs: 0, evictionRatio: 0 };

/**
 * The settings that the options ask for; `prefix` stands before the name of one in errors.
 * @throws ArgumentError for one that is out of range.
 */
export function diskSettings(options: DiskOptions, defaults: DiskSettings, prefix = ''): DiskSettings {
  return {
    readLagMs: lagOption(options.readLagMs, `${prefix}readLagMs`, defaults.readLagMs),
    evictionRatio: ratioOption(options.evictionRatio, `${prefix}evictionRatio`, defaults.evictionRatio),
  };
}

/** The ratio, or the default when undefined. @throws ArgumentError when it is no number from 0 to 1. */
export function ratioOption(value: unknown, name: string, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) {
    throw new ArgumentError(`${name} must be a number from 0 to 1, not ${String(value)}`);
  }
  return value;
}

import { types } from 'node:util';
import { ArgumentError } from '@cb/protocol';
import { describe } from '../values/argument-checks.js';

/**
 * When a document expires. 0 is never.
 *
 * - A number below 1,000,000,000 is a duration in whole seconds, however long: what is over 30 days goes out as the Unix
 *   time that it ends at, by the clock of this machine. The server would take it for a point in time long ago, and delete
 *   the document at once.
 * - A number from 1,000,000,000 (September 2001) to 4,294,967,295 is a Unix time in seconds.
 * - A `Date` is that point in time, up to the next whole second; from 31 January 1970 to February 2106.
 *
 * A point in time that has passed deletes the document. Everything else is an `ArgumentError`: fractions, negative
 * numbers, NaN, text. Source: kv_engine docs/BinaryProtocol.md, "Expiration"; the durations of SDK RFC 0054.
 */
export type Ttl = number | Date;

/** When a document expires. */
export interface TtlOptions {
  /** When the document expires: seconds from now, a Unix time, or a `Date`; see `Ttl`. Default 0: never. */
  readonly ttl?: Ttl | undefined;
}

const U32_MAX = 0xffffffff;
/** The server takes what is above for a Unix time. */
const RELATIVE_SECONDS_MAX = 30 * 24 * 60 * 60;
/** What is below can be meant as a duration only. */
const UNIX_SECONDS_MIN = 1_000_000_000;

/** Taken once: timers of a test that stop the clock of the application do not stop that of the server. */
const { now } = Date;

/**
 * The wire form of a ttl.
 * @throws ArgumentError for an invalid one.
 */
export function checkTtl(ttl: unknown): number {
  if (ttl === undefined) return 0;
  if (types.isDate(ttl)) return unixSeconds(ttl);
  if (typeof ttl !== 'number' || !Number.isInteger(ttl) || ttl < 0 || ttl > U32_MAX) {
    throw new ArgumentError(
      `ttl must be a whole number of seconds from 0 to ${U32_MAX}, or a Date, not ${describe(ttl)}`,
    );
  }
  if (ttl <= RELATIVE_SECONDS_MAX || ttl >= UNIX_SECONDS_MIN) return ttl;
  return Math.floor(now() / 1000) + ttl;
}

function unixSeconds(date: Date): number {
  const seconds = Math.ceil(date.getTime() / 1000);
  if (seconds > RELATIVE_SECONDS_MAX && seconds <= U32_MAX) return seconds;
  const given = Number.isNaN(seconds) ? 'an invalid one' : date.toISOString();
  throw new ArgumentError(`ttl must be a Date after 30 January 1970 and before February 2106, not ${given}`);
}

import { ArgumentError, type RawBucket, type RetryStrategy } from '@cb/raw';
import { checkRetry, checkSignal, checkTimeout, describe, servicesOf } from '@cb/raw/internal';

/** The options of every request for rows. */
export interface RowsOptions {
  /**
   * Milliseconds until `TimeoutError`, retries included. Time in which the application holds the rows back does not
   * count. Default: `view_timeout` (or `query_timeout`, `search_timeout`) of the connection string, 75,000.
   */
  readonly timeout?: number | undefined;
  /** Cancels the request when aborted; it fails with `CancelledError`. */
  readonly signal?: AbortSignal | undefined;
  /** Priority among the requests that wait for a connection to a node: greater ones go first. Default 0. */
  readonly priority?: number | undefined;
  /** Decides about retries. Default: the bucket's `retry`. */
  readonly retry?: RetryStrategy | undefined;
  /**
   * Maximum number of rows to deliver at a time; -1 delivers all of them at once, at the end. Default 0: the rows of one
   * network chunk.
   */
  readonly rowsPerCall?: number | undefined;
  /**
   * Maximum size of the answer in bytes where all of its rows are kept until the end (`queryAll` and the like, and
   * `rowsPerCall: -1`). A larger answer fails with `AnswerTooBigError`. Rows that are delivered as they arrive have no
   * limit. Default 268,435,456, which is 256 MiB.
   */
  readonly bytesMax?: number | undefined;
}

export const ROWS_OPTIONS = ['timeout', 'signal', 'priority', 'retry', 'rowsPerCall', 'bytesMax'] as const;

/** Default of `bytesMax`: 256 MiB, as for values that wait to be sent. */
export const BYTES_MAX = 256 * 1024 * 1024;

/**
 * Checks the options of every request for rows.
 * @throws ArgumentError for invalid ones.
 */
export function checkRowsOptions({
  timeout,
  signal,
  priority,
  retry,
  rowsPerCall = 0,
  bytesMax = 1,
}: RowsOptions): void {
  if (timeout !== undefined) checkTimeout(timeout);
  if (signal !== undefined) checkSignal(signal);
  if (retry !== undefined) checkRetry(retry);
  if (priority !== undefined && !Number.isFinite(priority)) {
    throw new ArgumentError(`priority must be a number, not ${describe(priority)}`);
  }
  if (!Number.isInteger(rowsPerCall) || rowsPerCall < -1) {
    throw new ArgumentError(`rowsPerCall must be a whole number from -1, not ${describe(rowsPerCall)}`);
  }
  if (!Number.isSafeInteger(bytesMax) || bytesMax < 1) {
    throw new ArgumentError(`bytesMax must be a whole number of bytes from 1, not ${describe(bytesMax)}`);
  }
}

/** Returns the milliseconds that a request may take. */
export function timeoutMsOf(
  service: 'views' | 'query' | 'search',
  bucket: RawBucket,
  { timeout }: RowsOptions,
): number {
  return timeout ?? servicesOf(bucket).settings.timeoutsMs[service];
}

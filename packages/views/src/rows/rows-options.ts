import { ArgumentError, checkRetry, checkSignal, checkTimeout, describe } from '@cb/raw';
import type { RowsOptions } from './rows-request.js';

/** The most that is kept of an answer unless told otherwise: 256 MiB, as of values that wait to be sent. */
export const BYTES_MAX = 256 * 1024 * 1024;

/** @throws ArgumentError for what every request for rows refuses. */
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

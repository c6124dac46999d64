import { TimeoutError } from '@cb/protocol';
import { Completion } from '../results/completion.js';
import type { Timers } from '../time/timers.js';
import { checkOptions, checkSignal, checkTimeout } from '../values/argument-checks.js';

/** How long one call of `connect` waits. */
export interface ConnectOptions {
  /** Milliseconds until the call fails with `TimeoutError`. Default: as long as connecting takes. */
  readonly timeout?: number | undefined;
  /** Cancels the call, with `CancelledError`. */
  readonly signal?: AbortSignal | undefined;
}

/** What one call of `connect` waits with. */
export function connectCompletion(options: ConnectOptions, waits: Timers): Completion {
  checkOptions('connect', options, ['timeout', 'signal']);
  const completion = new Completion();
  const { timeout, signal } = options;
  if (timeout !== undefined) {
    const wait = waits.limit(checkTimeout(timeout), () =>
      completion.settle(new TimeoutError(`the bucket was not connected within ${timeout} ms`)),
    );
    completion.onSettled = () => wait.cancel();
  }
  if (signal !== undefined) completion.cancelOn(checkSignal(signal));
  return completion;
}

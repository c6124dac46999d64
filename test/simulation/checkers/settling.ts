import { type Call, describeCall, describeOutcome } from '../history.js';
import type { Violation } from './violation.js';

/** Deadlines are looked at every 10 ms; that and one more for where the call falls between two looks. */
const LATE_USECS = 20_000;

/** Every call settles exactly once, never from inside itself, and not later than its deadline. */
export function checkSettling(calls: readonly Call[], now: number): Violation[] {
  return calls.flatMap((call) => {
    const fault = faultOf(call, now);
    return fault === undefined ? [] : [{ checker: 'settling', message: `${describeCall(call)} ${fault}`, at: now }];
  });
}

function faultOf(call: Call, now: number): string | undefined {
  const { settlements, settledAt, invokedAt, timeoutMs, isReentrant, outcome } = call;
  if (isReentrant) return 'settled from inside the call';
  if (settlements > 1) return `settled ${settlements} times`;
  const lateUsecs = (settledAt ?? now) - (invokedAt + timeoutMs * 1000);
  if (lateUsecs > LATE_USECS) return `${describeOutcome(outcome)}, ${lateUsecs / 1000} ms after its deadline`;
  return undefined;
}

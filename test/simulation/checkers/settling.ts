import { type Call, describeCall, describeOutcome } from '../history.js';
import type { Violation } from './violation.js';

/** Deadlines are looked at every 10 ms; that and one more for where the call falls between two looks. */
const LATE_USECS = 20_000;
/** However often the loop is held up, what is overdue ends after so many times the longest hold-up. */
const TURNS_MAX = 3;
/** Shorter hold-ups of a client's event loop need not move its deadlines. */
const HOLD_UP_USECS_MIN = 450_000;

/** A time in which the event loop of a client did not turn, in microseconds. */
export interface ClientHoldUp {
  readonly from: number;
  readonly until: number;
}

/**
 * Every call settles exactly once, never from inside itself, and not later than its deadline and the time for which its
 * client's event loop was held up, of which no more counts than three times the longest hold-up. Nobody is told too early that there was no answer: not before the deadline,
 * moved by the longest of those hold-ups.
 */
export function checkSettling(
  calls: readonly Call[],
  now: number,
  holdUpsOf: (client: string) => readonly ClientHoldUp[] = () => [],
): Violation[] {
  return calls.flatMap((call) => {
    const fault = faultOf(call, now, holdUpsOf(call.client));
    return fault === undefined ? [] : [{ checker: 'settling', message: `${describeCall(call)} ${fault}`, at: now }];
  });
}

function faultOf(call: Call, now: number, holdUps: readonly ClientHoldUp[]): string | undefined {
  const { settlements, settledAt = now, invokedAt, timeoutMs, isReentrant, outcome } = call;
  if (isReentrant) return 'settled from inside the call';
  if (settlements > 1) return `settled ${settlements} times`;
  const deadline = invokedAt + timeoutMs * 1000;
  const during = holdUps.map(({ from, until }) => Math.max(0, Math.min(until, settledAt) - Math.max(from, invokedAt)));
  const sum = during.reduce((before, usecs) => before + usecs, 0);
  const heldUsecs = Math.min(sum, TURNS_MAX * Math.max(0, ...during));
  const lateUsecs = settledAt - deadline - heldUsecs;
  const heldUp = heldUsecs === 0 ? '' : ` and ${heldUsecs / 1000} ms in which it was held up`;
  if (lateUsecs > LATE_USECS) return `${describeOutcome(outcome)}, ${lateUsecs / 1000} ms after its deadline${heldUp}`;
  if (outcome?.ok !== false || outcome.code !== 'timeout') return undefined;
  const earlyUsecs = deadline + longestIn(holdUps, invokedAt, deadline) - settledAt;
  return earlyUsecs > 0 ? `${describeOutcome(outcome)}, ${earlyUsecs / 1000} ms too early` : undefined;
}

/** The longest hold-up that moves a deadline, less what its beginning and its end may be off. */
function longestIn(holdUps: readonly ClientHoldUp[], invokedAt: number, deadline: number): number {
  const lengths = holdUps
    .filter(({ from, until }) => from + LATE_USECS < deadline && until > invokedAt)
    .map(({ from, until }) => until - Math.max(from, invokedAt));
  const longest = Math.max(0, ...lengths);
  return longest < HOLD_UP_USECS_MIN ? 0 : longest - LATE_USECS;
}

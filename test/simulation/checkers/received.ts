import { type Call, describeCall, describeOutcome } from '../history.js';
import type { Violation } from './violation.js';

/** Nobody is told that there was no answer while bytes that arrived before the deadline are still to be read. */
export function checkReceived(calls: readonly Call[]): Violation[] {
  return calls.flatMap((call) => {
    const { outcome, unreadSince, invokedAt, timeoutMs, settledAt } = call;
    const deadline = invokedAt + timeoutMs * 1000;
    if (outcome?.ok !== false || outcome.code !== 'timeout' || unreadSince === undefined) return [];
    if (unreadSince >= deadline) return [];
    const early = (deadline - unreadSince) / 1000;
    const message = `${describeCall(call)} ${describeOutcome(outcome)}, though bytes were not read that arrived ${early} ms before its deadline`;
    return [{ checker: 'received', message, at: settledAt ?? deadline }];
  });
}

import { type Call, describeCall } from '../history.js';
import { isWrite } from './document-model.js';
import type { Violation } from './violation.js';

/**
 * What one client asked of one key took effect in the order in which it asked: the CAS of a vbucket only grows, so
 * those of the results must have the order of the calls.
 * @param losses times at which a key may have fallen back to an earlier version
 * @param swapsReads whether two reads of the client may overtake each other
 */
export function checkOrder(
  calls: readonly Call[],
  losses: (key: string) => readonly number[],
  swapsReads: (client: string) => boolean,
): Violation[] {
  const violations: Violation[] = [];
  for (const group of groupedByClientAndKey(calls)) {
    let write: Call | undefined;
    let read: Call | undefined;
    for (const call of group) {
      const maySwap = !isWrite(call) && swapsReads(call.client);
      const inverted = [write, maySwap ? undefined : read].find((earlier) => isInverted(earlier, call));
      if (inverted !== undefined && !isLostBetween(inverted, call, losses(call.key))) {
        const message = `${describeCall(call)} took effect before the earlier ${describeCall(inverted)}`;
        violations.push({ checker: 'order', message, at: call.settledAt! });
      }
      if (isWrite(call)) write = later(write, call);
      else read = later(read, call);
    }
  }
  return violations;
}

function groupedByClientAndKey(calls: readonly Call[]): Call[][] {
  const groups = new Map<string, Call[]>();
  for (const call of calls) {
    // The CAS of a lock is that of the lock, not of the document; nothing is compared to a document's own.
    if (casOf(call) === undefined || call.kind === 'lock' || call.kind === 'unlock') continue;
    const id = `${call.client} ${call.key}`;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [call]);
    else group.push(call);
  }
  return [...groups.values()];
}

function casOf({ outcome }: Call): bigint | undefined {
  return outcome?.ok === true ? outcome.cas : undefined;
}

function isInverted(earlier: Call | undefined, call: Call): boolean {
  if (earlier === undefined) return false;
  const before = casOf(earlier)!;
  const after = casOf(call)!;
  return isWrite(call) && isWrite(earlier) ? after <= before : after < before;
}

function isLostBetween(earlier: Call, call: Call, losses: readonly number[]): boolean {
  return losses.some((at) => at >= earlier.invokedAt && at <= call.settledAt!);
}

function later(one: Call | undefined, other: Call): Call {
  return one === undefined || casOf(other)! > casOf(one)! ? other : one;
}

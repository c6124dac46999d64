import type { Call } from '../history.js';
import { type DocumentState, type Moves, NO_DOCUMENT } from './document-model.js';
import { checkLinearizable } from './linearizability.js';
import type { Violation } from './violation.js';

/** What happened besides the calls, in one stretch of work. */
export interface Circumstances {
  /** Times at which a key may have fallen back to a version that was durable. */
  readonly losses: (key: string) => readonly number[];
  readonly moves: Moves;
}

/** The documents from one stretch of work to the next, each of which ends with a read of every key while all is calm. */
export class KeyHistories {
  /** Searches for an order, and those of them that were given up. */
  searches = 0;
  undecided = 0;
  readonly #states = new Map<string, DocumentState>();

  /** The keys whose calls no order explains. */
  check(calls: readonly Call[], { losses, moves }: Circumstances, now: number): Violation[] {
    return [...byKey(calls)].flatMap(([key, group]): Violation[] => {
      this.searches++;
      const initial = this.#states.get(key) ?? NO_DOCUMENT;
      const verdict = checkLinearizable({ calls: group, initial, losses: losses(key), moves });
      this.#states.set(key, stateRead(group));
      if (verdict.kind === 'undecided') this.undecided++;
      if (verdict.kind !== 'violated') return [];
      const message = [`no order explains what was seen of ${key}:`, ...verdict.account].join('\n');
      return [{ checker: 'linearizability', message, at: now }];
    });
  }
}

function byKey(calls: readonly Call[]): Map<string, Call[]> {
  const groups = new Map<string, Call[]>();
  for (const call of calls) {
    const group = groups.get(call.key);
    if (group === undefined) groups.set(call.key, [call]);
    else group.push(call);
  }
  return groups;
}

/** What the last read said, which came when nothing else was under way. */
function stateRead(calls: readonly Call[]): DocumentState {
  const outcome = calls.findLast(({ kind, outcome: each }) => kind === 'get' && each !== undefined)?.outcome;
  if (outcome?.ok !== true) return NO_DOCUMENT;
  return { value: outcome.value, cas: outcome.cas, lock: undefined };
}

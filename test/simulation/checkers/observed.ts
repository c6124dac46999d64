import type { Call } from '../history.js';
import { type DocumentState, isRefusedByState } from './document-model.js';

/**
 * What anybody saw of one document. A write that may or may not have happened, and that nobody has seen anything of, need
 * not be considered: without this, histories with many of those have too many orders to be searched.
 */
export class Observed {
  readonly #values: readonly string[];
  /** Whether a value, or one that begins with it, was seen. */
  readonly #seen = new Map<string, boolean>();
  /** Some call was refused because of its CAS: any write, seen or not, may have been the reason. */
  readonly #hasCasRefusal: boolean;
  readonly #mayBeRemoved: boolean;

  constructor(calls: readonly Call[]) {
    const seen = new Set<string>();
    for (const { outcome } of calls) if (outcome?.ok === true && outcome.value !== undefined) seen.add(outcome.value);
    this.#values = [...seen];
    this.#hasCasRefusal = calls.some((call) => call.cas !== undefined && isRefusedByState(call));
    this.#mayBeRemoved = calls.some(
      ({ kind, outcome }) => kind === 'remove' && outcome?.ok !== true && isOpen(outcome),
    );
  }

  /**
   * Whether a write that nobody was told of can be left out.
   * @param nextCount the counter that the next certain write finds, if that is one
   */
  isNeedless(before: DocumentState, after: DocumentState, { kind }: Call, nextCount: bigint | undefined): boolean {
    if (after.value === undefined || before.value === undefined) return false;
    // Counters only grow, unless they are removed.
    if (kind === 'counter') return nextCount !== undefined && !this.#mayBeRemoved && BigInt(after.value) > nextCount;
    if (before.lock !== undefined || this.#hasCasRefusal) return false;
    return !this.#isSeen(after.value);
  }

  #isSeen(value: string): boolean {
    let isSeen = this.#seen.get(value);
    if (isSeen === undefined) {
      isSeen = this.#values.some((each) => each.startsWith(value));
      this.#seen.set(value, isSeen);
    }
    return isSeen;
  }
}

function isOpen(outcome: Call['outcome']): boolean {
  return outcome === undefined || (!outcome.ok && outcome.ambiguous);
}

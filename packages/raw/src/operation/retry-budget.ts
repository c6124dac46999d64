/** Retries that may be made at once without any success between them. */
const TOKENS_MAX = 1000;
/** The share of a retry that a success refills: in the long run, one retry for this many successes. */
const TOKENS_PER_SUCCESS = 0.1;

/**
 * Keeps a strategy that never pauses from wearing a server out that is in trouble: retries at once, beyond a reserve, need
 * successes to pay for them. Those after a pause are free, and so are attempts that the protocol itself asks for.
 */
export class RetryBudget {
  #tokens = TOKENS_MAX;
  #successes = 0;

  /** Counts a success; called for each, so it does next to nothing. */
  earn(): void {
    this.#successes++;
  }

  /** Pays for a retry; false when there is nothing left to pay with. */
  spend(): boolean {
    this.#tokens = Math.min(TOKENS_MAX, this.#tokens + this.#successes * TOKENS_PER_SUCCESS);
    this.#successes = 0;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}

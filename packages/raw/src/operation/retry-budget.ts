/** Maximum number of immediate retries without a success in between. */
const TOKENS_MAX = 1000;
/** The share of a retry that a success refills: in the long run, one retry for this many successes. */
const TOKENS_PER_SUCCESS = 0.1;

/**
 * Limits the retries of a strategy that never pauses, to protect a server in trouble: beyond a reserve, immediate retries
 * need successes to pay for them. Retries after a pause are free, and so are those that the protocol itself asks for.
 */
export class RetryBudget {
  #tokens = TOKENS_MAX;
  #successes = 0;

  /** Counts a success; called for each, so it does next to nothing. */
  earn(): void {
    this.#successes++;
  }

  /** Takes a retry from the budget; false when it is exhausted. */
  spend(): boolean {
    this.#tokens = Math.min(TOKENS_MAX, this.#tokens + this.#successes * TOKENS_PER_SUCCESS);
    this.#successes = 0;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}

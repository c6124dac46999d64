import type { Flow } from '../http/exchange.js';

/** Holders without a deadline: the application, and a loop that does not read on. */
const ENDLESS: readonly string[] = ['application', 'reader'];

/** Holds an answer back, so that the server waits, as long as at least one holder wants that. */
export class AnswerHold {
  readonly #holders = new Set<string>();
  readonly #onEndless: () => void;
  #flow: Flow | undefined = undefined;
  #isClosing = false;

  /** @param onEndless called when the bucket closes, and the answer is held back without a deadline. */
  constructor(onEndless: () => void) {
    this.#onEndless = onEndless;
  }

  /** Sets the answer that is held back from now on; undefined between two answers. */
  setFlow(flow: Flow | undefined): void {
    this.#flow = flow;
    if (this.#holders.size > 0) flow?.pause();
  }

  /** Adds or removes a holder. The answer goes on when the last one is removed. */
  set(holder: string, isHeld: boolean): void {
    const before = this.#holders.size;
    if (isHeld) this.#holders.add(holder);
    else this.#holders.delete(holder);
    if (before === 0 && this.#holders.size > 0) this.#flow?.pause();
    if (before > 0 && this.#holders.size === 0) this.#flow?.resume();
    if (this.#isClosing) this.#endIfEndless();
  }

  /** The bucket is closing, and waits for the answer: from now on it cannot be held back without a deadline. */
  closing(): void {
    this.#isClosing = true;
    this.#endIfEndless();
  }

  #endIfEndless(): void {
    if (ENDLESS.some((holder) => this.#holders.has(holder))) this.#onEndless();
  }
}

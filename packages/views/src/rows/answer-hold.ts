import type { Flow } from '../http/exchange.js';

/** Holds an answer back, so that the server waits, as long as at least one holder wants that. */
export class AnswerHold {
  readonly #holders = new Set<string>();
  #flow: Flow | undefined = undefined;

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
  }
}

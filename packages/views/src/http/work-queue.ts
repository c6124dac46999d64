/** Options of a piece of work. */
export interface WorkOptions {
  /** Greater ones go first. Default 0. */
  readonly priority?: number;
  /** Rejects with its reason when aborted: at once, even when the work has started. */
  readonly signal?: AbortSignal;
}

interface Waiting {
  readonly priority: number;
  readonly begin: () => void;
}

/**
 * Limits the number of pieces of work that run at a time. The others wait, by priority, and then in the order in which
 * they were added.
 */
export class WorkQueue {
  readonly #atOnce: number;
  #running = 0;
  #waiting: Waiting[] = [];

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** Adds a piece of work, and settles as it does. */
  add<T>(work: () => Promise<T>, { priority = 0, signal }: WorkOptions = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting = this.#waiting.filter((each) => each !== waiting);
        reject(signal?.reason);
      };
      const begin = (): void => {
        this.#running++;
        const ended = (): void => {
          signal?.removeEventListener('abort', onAbort);
          this.#running--;
          this.#startNext();
        };
        work().then(resolve, reject).finally(ended);
      };
      const waiting = { priority, begin };
      if (signal?.aborted === true) {
        onAbort();
        return;
      }
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#insert(waiting);
      this.#startNext();
    });
  }

  /** Discards waiting work; its promises are never settled. */
  clear(): void {
    this.#waiting = [];
  }

  #insert(waiting: Waiting): void {
    let at = this.#waiting.length;
    while (at > 0 && this.#waiting[at - 1]!.priority < waiting.priority) at--;
    this.#waiting.splice(at, 0, waiting);
  }

  #startNext(): void {
    while (this.#running < this.#atOnce) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next.begin();
    }
  }
}

/** How a piece of work stands in the queue. */
export interface WorkOptions {
  /** What has a greater one goes first; default 0. */
  readonly priority?: number;
  /** Rejects with its reason when aborted: at once, also when the work was begun. */
  readonly signal?: AbortSignal;
}

interface Waiting {
  readonly priority: number;
  readonly begin: () => void;
}

/** Lets so many pieces of work go on at a time; the others wait, by priority, and then in the order in which they came. */
export class WorkQueue {
  readonly #atOnce: number;
  #underWay = 0;
  #waiting: Waiting[] = [];

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** Settles as the work does. */
  add<T>(work: () => Promise<T>, { priority = 0, signal }: WorkOptions = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting = this.#waiting.filter((each) => each !== waiting);
        reject(signal?.reason);
      };
      const begin = (): void => {
        this.#underWay++;
        const ended = (): void => {
          signal?.removeEventListener('abort', onAbort);
          this.#underWay--;
          this.#goOn();
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
      this.#goOn();
    });
  }

  /** Forgets what waits; its promises are not settled. */
  clear(): void {
    this.#waiting = [];
  }

  #insert(waiting: Waiting): void {
    let at = this.#waiting.length;
    while (at > 0 && this.#waiting[at - 1]!.priority < waiting.priority) at--;
    this.#waiting.splice(at, 0, waiting);
  }

  #goOn(): void {
    while (this.#underWay < this.#atOnce) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next.begin();
    }
  }
}

import type { Interface } from 'node:readline';

/** The lines that are typed, in order, also those typed ahead. */
export class TypedLines {
  #waiting: string[] = [];
  #isClosed = false;
  #wake: (() => void) | undefined = undefined;

  constructor(lines: Pick<Interface, 'on'>) {
    lines.on('line', (line: string) => {
      this.#waiting.push(line);
      this.#wake?.();
    });
    lines.on('close', () => {
      this.#isClosed = true;
      this.#wake?.();
    });
  }

  /** Whether the next line is there already. */
  get isAhead(): boolean {
    return this.#waiting.length > 0;
  }

  /** Resolves to the next line; to undefined at the end of the input. */
  async next(): Promise<string | undefined> {
    while (this.#waiting.length === 0 && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#waiting.shift();
  }

  /** Discards what was typed ahead. */
  clear(): void {
    this.#waiting = [];
  }
}

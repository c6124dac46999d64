const BAR_CHARACTERS = 30;
const REDRAW_MS = 80;

/** Where a bar is drawn. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** How far a job is: a bar that redraws itself on a terminal, and one line at the end elsewhere. */
export class ProgressBar {
  readonly #label: string;
  readonly #total: number;
  readonly #out: Output;
  readonly #startedAt = performance.now();
  #drawnAt = 0;
  #done = 0;

  constructor(label: string, total: number, out: Output = process.stdout) {
    this.#label = label;
    this.#total = total;
    this.#out = out;
  }

  advance(count: number): void {
    this.#done += count;
    const now = performance.now();
    if (this.#out.isTTY !== true || now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    this.#out.write(`\r${this.#line()}`);
  }

  finish(): void {
    this.#out.write(`${this.#out.isTTY === true ? '\r' : ''}${this.#line()}\n`);
  }

  #line(): string {
    const filled = Math.round((this.#done / this.#total) * BAR_CHARACTERS);
    const bar = '#'.repeat(filled).padEnd(BAR_CHARACTERS, '.');
    const perSecond = this.#done / ((performance.now() - this.#startedAt) / 1000);
    return `   ${this.#label} [${bar}] ${thousands(this.#done)} of ${thousands(this.#total)}, ${thousands(perSecond)}/s`;
  }
}

/** A count as people write it: 1,234,567. */
export function thousands(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

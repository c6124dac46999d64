// Hot file: it spares the search of most bytes. bench/micro/row-scanner.ts measures it.

/** How much of the next row belongs to what is looked for: `{"id":"`, say. */
const BEGINNING_BYTES = 7;
/** Below this, to guess costs as much as to search. */
const GUESS_BYTES_MIN = 4096;
/** Servers whose rows defeat the guess are not guessed at any more. */
const MISSES_MAX = 3;

/**
 * Rows of one answer are alike: between any two are the same bytes, such as `},\r\n{"id":"`. The last place in a chunk
 * that has them is probably the end of a row. It is certain when the text up to there is JSON: what begins with a row
 * and can be read as rows separated by commas cannot end inside of one.
 */
export class RowBoundaryGuess {
  #between: Buffer | undefined = undefined;
  #misses = 0;

  /** Learns from two rows that were found by search: where in the chunk one ends and the next one begins. */
  learn(chunk: Buffer, end: number, begin: number): void {
    if (this.#between !== undefined || begin + BEGINNING_BYTES > chunk.length) return;
    // A copy: the chunk is not kept for it.
    this.#between = Buffer.from(chunk.subarray(end - 1, begin + BEGINNING_BYTES));
  }

  /** Where the last row of the chunk probably ends, or -1. */
  lastEnd(chunk: Buffer, from: number): number {
    if (this.#between === undefined || this.#misses >= MISSES_MAX || chunk.length - from < GUESS_BYTES_MIN) return -1;
    const found = chunk.lastIndexOf(this.#between);
    return found < from + GUESS_BYTES_MIN / 2 ? -1 : found + 1;
  }

  /** The last guess was wrong, or right. */
  missed(isMiss: boolean): void {
    this.#misses = isMiss ? this.#misses + 1 : 0;
  }
}

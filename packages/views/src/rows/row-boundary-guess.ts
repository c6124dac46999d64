// Hot file: it avoids searching most bytes. bench/micro/row-scanner.ts measures it.

/** Number of bytes of the next row in the searched pattern: `{"id":"`, for example. */
const BEGINNING_BYTES = 7;
/** Minimum chunk size, in bytes: below it, guessing costs as much as searching. */
const GUESS_BYTES_MIN = 4096;
/** Number of wrong guesses after which guessing stops for an answer. */
const MISSES_MAX = 3;

/**
 * Guesses where the last row of a chunk ends. Rows of one answer are alike: between any two are the same bytes, such as
 * `},\r\n{"id":"`, and the last place in a chunk that has them is probably the end of a row. It is certain when the
 * text up to there is JSON: text that begins with a row and parses as rows separated by commas cannot end inside of
 * one.
 */
export class RowBoundaryGuess {
  #between: Buffer | undefined = undefined;
  #misses = 0;

  /**
   * Learns from two rows that were found by search: the offsets in the chunk where one ends and the next one begins.
   */
  learn(chunk: Buffer, end: number, begin: number): void {
    if (this.#between !== undefined || begin + BEGINNING_BYTES > chunk.length) return;
    // A copy, so that the chunk is not retained.
    this.#between = Buffer.from(chunk.subarray(end - 1, begin + BEGINNING_BYTES));
  }

  /** Returns the offset at which the last row of the chunk probably ends; -1 when unknown. */
  lastEnd(chunk: Buffer, from: number): number {
    if (this.#between === undefined || this.#misses >= MISSES_MAX || chunk.length - from < GUESS_BYTES_MIN) return -1;
    const found = chunk.lastIndexOf(this.#between);
    return found < from + GUESS_BYTES_MIN / 2 ? -1 : found + 1;
  }

  /** Notes whether the last guess was right. */
  missed(isMiss: boolean): void {
    this.#misses = isMiss ? this.#misses + 1 : 0;
  }
}

/** Lowest value of a sequence: that of an integer of 64 bits. */
export const SEQUENCE_MIN = -(2n ** 63n);

/** Highest value of a sequence. */
export const SEQUENCE_MAX = 2n ** 63n - 1n;

/** Number of values that a new sequence reserves at a time. */
export const CACHE_DEFAULT = 50n;

/** What a sequence is defined by. */
export interface SequenceSettings {
  /** First value. */
  readonly start: bigint;
  /** Difference between one value and the next. */
  readonly increment: bigint;
  /** Lowest value. */
  readonly min: bigint;
  /** Highest value. */
  readonly max: bigint;
  /** Number of values that are reserved at a time: a change discards those that are left. */
  readonly cache: bigint;
  /** Whether it goes on at the other end. */
  readonly cycle: boolean;
}

/** What `system:sequences` tells of a sequence. */
export interface SequenceState extends SequenceSettings {
  /** The value drawn last, while there are others reserved with it. */
  readonly current: bigint | undefined;
  /** First value that has not been reserved. */
  readonly nextBlock: bigint;
}

/** A sequence: it gives values one at a time, and reserves a block of them at once. */
export class Sequence {
  #settings: SequenceSettings;
  /** Where the blocks begin. */
  #base: bigint;
  /** Number of blocks that have been reserved since. */
  #blocks = 0n;
  #current = 0n;
  /** Values of the block that are left. */
  #remaining = 0n;
  #wasDrawn = false;

  constructor(settings: SequenceSettings) {
    this.#settings = settings;
    this.#base = settings.start;
  }

  get settings(): SequenceSettings {
    return this.#settings;
  }

  get state(): SequenceState {
    const { cache } = this.#settings;
    const hasCurrent = this.#remaining > 0n || (cache === 1n && this.#wasDrawn);
    return {
      ...this.#settings,
      current: hasCurrent ? this.#current : undefined,
      nextBlock: this.#nextBlock,
    };
  }

  /** Draws the next value; undefined if there is none. */
  next(): bigint | undefined {
    const { increment, cache, cycle } = this.#settings;
    const isReserved = this.#remaining > 0n;
    const value = isReserved ? this.#current + increment : this.#nextBlock;
    if (this.#isBeyond(value)) {
      if (!cycle) return undefined;
      this.#restart(increment < 0n ? this.#settings.max : this.#settings.min);
      return this.next();
    }
    if (isReserved) this.#remaining--;
    else {
      this.#blocks++;
      this.#remaining = cache - 1n;
    }
    this.#current = value;
    this.#wasDrawn = true;
    return value;
  }

  /** The value drawn last; undefined if none was. */
  get previous(): bigint | undefined {
    return this.#wasDrawn ? this.#current : undefined;
  }

  /**
   * Changes the settings. Values that are reserved are discarded if the step or the number of reserved values changes.
   *
   * @param restart the next value; undefined to go on
   */
  change(settings: SequenceSettings, restart: bigint | undefined): void {
    const { increment, cache } = this.#settings;
    const isReset = restart !== undefined || settings.increment !== increment || settings.cache !== cache;
    const base = restart ?? this.#nextBlock;
    this.#settings = settings;
    if (isReset) this.#restart(base);
    this.#remaining = 0n;
  }

  get #nextBlock(): bigint {
    const { increment, cache } = this.#settings;
    return this.#base + this.#blocks * cache * increment;
  }

  #restart(base: bigint): void {
    this.#base = base;
    this.#blocks = 0n;
    this.#remaining = 0n;
  }

  #isBeyond(value: bigint): boolean {
    const { increment, min, max } = this.#settings;
    return increment < 0n ? value < min : value > max;
  }
}

import { SeededRandom } from '@cb/raw/simulation';
import type { PillowfightPlan } from './plan.js';

/** Values that are created before the load begins, so that this does not slow it down. */
const POOL = 100;

/** The keys and values of a load, in an order that the seed determines. */
export class Documents {
  readonly #plan: PillowfightPlan;
  readonly #random: SeededRandom;
  readonly #values: readonly unknown[];
  #next = 0;

  constructor(plan: PillowfightPlan) {
    this.#plan = plan;
    this.#random = new SeededRandom(plan.seed);
    this.#values = Array.from({ length: POOL }, () => this.#makeValue());
  }

  /** Returns the key of a document by its number, from 0. */
  keyOf(item: number): string {
    return `${this.#plan.keyPrefix}${String(this.#plan.startAt + item).padStart(20, '0')}`;
  }

  nextKey(): string {
    const { items, isSequential } = this.#plan;
    return this.keyOf(isSequential ? this.#next++ % items : this.#random.between(0, items - 1));
  }

  nextValue(): unknown {
    return this.#random.pick(this.#values);
  }

  nextIsSet(): boolean {
    return this.#random.chance(this.#plan.setPercent / 100);
  }

  #makeValue(): unknown {
    const { minBytes, maxBytes, storesJson } = this.#plan;
    const size = this.#random.between(minBytes, maxBytes);
    if (!storesJson) return this.#random.bytes(size);
    const empty = JSON.stringify({ text: '' }).length;
    return { text: this.#random.bytes(Math.max(1, Math.ceil((size - empty) / 2))).toString('hex') };
  }
}

import type { FunctionDefinition } from '@cb/sqlpp';

/** How often a function has been called, and when last, in milliseconds since 1970. */
export interface FunctionUses {
  readonly uses: number;
  readonly lastUseMs: number;
}

/** Counts the calls of functions. A function that is defined again has none. */
export class FunctionCounter {
  readonly #uses = new WeakMap<FunctionDefinition, FunctionUses>();

  count(definition: FunctionDefinition, nowMs: number): void {
    const uses = this.#uses.get(definition)?.uses ?? 0;
    this.#uses.set(definition, { uses: uses + 1, lastUseMs: nowMs });
  }

  of(definition: FunctionDefinition): FunctionUses | undefined {
    return this.#uses.get(definition);
  }

  /** Returns whether there was anything to forget. */
  forget(definition: FunctionDefinition): boolean {
    return this.#uses.delete(definition);
  }
}

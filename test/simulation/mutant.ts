import type { FaultKind } from './faults.js';

/** A client that is broken in one place, until it is repaired. */
export interface Mutant {
  /** The checkers that may find it first. */
  readonly by: readonly string[];
  readonly name: string;
  /** The faults that show it; default all kinds. */
  readonly kinds?: readonly FaultKind[];
  break(): () => void;
}

/** Replaces a method; the new one is made from the old. Gives the function that puts the old one back. */
export function replace<T extends object, K extends keyof T>(
  prototype: T,
  method: K,
  make: (original: T[K]) => T[K],
): () => void {
  const original = prototype[method];
  prototype[method] = make(original);
  return () => {
    prototype[method] = original;
  };
}

/** A client in which one method is replaced. */
export function replacing<T extends object, K extends keyof T>(
  by: readonly string[],
  name: string,
  prototype: T,
  method: K,
  make: (original: T[K]) => T[K],
): Mutant {
  return { by, name, break: () => replace(prototype, method, make) };
}

/** Two changes that make one fault. */
export function both(by: readonly string[], name: string, one: Mutant, other: Mutant): Mutant {
  return {
    by,
    name,
    break() {
      const repairs = [one.break(), other.break()];
      return () => {
        for (const repair of repairs) repair();
      };
    },
  };
}

/** Conditions that are waited for, of which each is looked at when something has happened that it may depend on. */
export class Waits {
  readonly #checks = new Set<() => void>();

  /** Looks at all conditions. */
  poke(): void {
    for (const check of this.#checks) check();
  }

  /** Resolves when the condition holds, or the signal is aborted. */
  until(condition: () => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!signal.aborted && !condition()) return;
        this.#checks.delete(check);
        signal.removeEventListener('abort', check);
        resolve();
      };
      this.#checks.add(check);
      signal.addEventListener('abort', check);
      check();
    });
  }
}

/** Things to be done at a time, on the bucket's clock. */
export class Waits {
  readonly #waits = new Set<{ readonly at: number; readonly action: () => void }>();

  add(at: number, action: () => void): { cancel(): void } {
    const wait = { at, action };
    this.#waits.add(wait);
    return { cancel: () => void this.#waits.delete(wait) };
  }

  tick(now: number): void {
    for (const wait of this.#waits) {
      if (wait.at > now) continue;
      this.#waits.delete(wait);
      wait.action();
    }
  }
}

/** What is called when a signal is aborted, in the order in which it was added. */
class Heeders {
  readonly actions = new Set<() => void>();
  readonly listener = (): void => {
    heeders.delete(this.#signal);
    for (const action of this.actions) action();
  };
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', this.listener, { once: true });
  }
}

const heeders = new WeakMap<AbortSignal, Heeders>();

/**
 * Calls `action` once when the signal is aborted; not when it is aborted already. However many heed one signal, it has one
 * listener: Node warns of a leak when there are more than ten.
 */
export function heed(signal: AbortSignal, action: () => void): void {
  let those = heeders.get(signal);
  if (those === undefined) {
    those = new Heeders(signal);
    heeders.set(signal, those);
  }
  those.actions.add(action);
}

/** Removes an action of `heed`. The last one removes the listener from the signal. */
export function unheed(signal: AbortSignal, action: () => void): void {
  const those = heeders.get(signal);
  if (those?.actions.delete(action) !== true || those.actions.size > 0) return;
  heeders.delete(signal);
  signal.removeEventListener('abort', those.listener);
}

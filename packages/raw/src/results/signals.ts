/** What is called when a signal is aborted, in the order in which it was added. */
class AbortActions {
  readonly actions = new Set<() => void>();
  readonly listener = (): void => {
    actionsOf.delete(this.#signal);
    for (const action of this.actions) action();
  };
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', this.listener, { once: true });
  }
}

const actionsOf = new WeakMap<AbortSignal, AbortActions>();

/**
 * Calls `action` once when the signal is aborted; not when it is aborted already. However many actions a signal has, it has one
 * listener: Node warns of a leak when there are more than ten.
 */
export function addAbortAction(signal: AbortSignal, action: () => void): void {
  let known = actionsOf.get(signal);
  if (known === undefined) {
    known = new AbortActions(signal);
    actionsOf.set(signal, known);
  }
  known.actions.add(action);
}

/** Removes an action of `addAbortAction`. The last one removes the listener from the signal. */
export function removeAbortAction(signal: AbortSignal, action: () => void): void {
  const known = actionsOf.get(signal);
  if (known?.actions.delete(action) !== true || known.actions.size > 0) return;
  actionsOf.delete(signal);
  signal.removeEventListener('abort', known.listener);
}

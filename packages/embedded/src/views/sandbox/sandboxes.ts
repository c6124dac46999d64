import { Sandbox, type SandboxLimits } from './sandbox.js';

/** Sandboxes kept open at once; the one that was used longest ago makes room. */
const SANDBOXES_MAX = 32;

/** The sandboxes of a cluster, one for each list of functions, opened when they are wanted. */
export class Sandboxes {
  readonly #limits: SandboxLimits;
  /** By their sources, the last used last. */
  readonly #open = new Map<string, Sandbox>();

  constructor(limits: SandboxLimits) {
    this.#limits = limits;
  }

  /**
   * Calls `action` with a sandbox that has these functions, which is its own until it returns.
   * @throws InvalidFunction when one of them is none, and what `action` throws.
   */
  async use<T>(sources: readonly string[], action: (sandbox: Sandbox) => T): Promise<T> {
    const name = JSON.stringify(sources);
    return action(this.#reuse(name) ?? this.#keep(name, await Sandbox.open(sources, this.#limits)));
  }

  /** @throws InvalidFunction when the text is none. */
  async check(source: string): Promise<void> {
    const sandbox = await Sandbox.open([source], this.#limits);
    sandbox.dispose();
  }

  /** Frees all of them. */
  dispose(): void {
    for (const sandbox of this.#open.values()) sandbox.dispose();
    this.#open.clear();
  }

  #reuse(name: string): Sandbox | undefined {
    const sandbox = this.#open.get(name);
    if (sandbox === undefined) return undefined;
    this.#open.delete(name);
    if (sandbox.isBroken) {
      sandbox.dispose();
      return undefined;
    }
    this.#open.set(name, sandbox);
    return sandbox;
  }

  #keep(name: string, sandbox: Sandbox): Sandbox {
    // Two may have been opened at once; the first one stays.
    const other = this.#reuse(name);
    if (other !== undefined) {
      sandbox.dispose();
      return other;
    }
    this.#open.set(name, sandbox);
    for (const [oldest, unused] of this.#open) {
      if (this.#open.size <= SANDBOXES_MAX) break;
      this.#open.delete(oldest);
      unused.dispose();
    }
    return sandbox;
  }
}

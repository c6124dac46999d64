import type { TlsTarget } from '../iops/iops.js';

/** How the connections of a bucket are encrypted. The client's key is in no property: see `Credentials`. */
export class TlsSettings {
  /** Whether the server's certificate is checked. */
  readonly verify: boolean;
  readonly #target: TlsTarget;

  constructor(target: TlsTarget) {
    this.verify = target.verify;
    this.#target = target;
  }

  /** Returns what a socket is opened with. */
  target(): TlsTarget {
    return this.#target;
  }
}

import { type ClusterMap, type CouchbaseError, NetworkError } from '@cb/protocol';
import type { HoldUp } from '../time/hold-up.js';
import type { SeedBootstrap, SeedBootstrapHandler } from './seed-bootstrap.js';

/** The part of the bucket that the recovery needs. */
export interface SeedRecoveryHost {
  /** True when no node can be connected to. */
  isLost(): boolean;
  /** Begins a search. */
  newSearch(handler: SeedBootstrapHandler): SeedBootstrap;
  /** A seed sent this map. */
  found(map: ClusterMap): void;
}

/** Microseconds from one search to the next, at least. */
const SEARCH_USECS = 500_000;

/** Bootstraps from the seed nodes again when every node is unreachable, in parallel with reconnecting. */
export class SeedRecovery {
  readonly #host: SeedRecoveryHost;
  #search: SeedBootstrap | undefined = undefined;
  #searchAt = 0;

  constructor(host: SeedRecoveryHost) {
    this.#host = host;
  }

  get isBusy(): boolean {
    return this.#search !== undefined;
  }

  tick(now: number): void {
    this.#search?.tick(now);
    if (this.#search !== undefined || now < this.#searchAt || !this.#host.isLost()) return;
    this.#searchAt = now + SEARCH_USECS;
    this.#search = this.#host.newSearch({
      found: (connection, map) => {
        this.#search = undefined;
        this.#host.found(map);
        connection.close(new NetworkError(`${connection.name} only brought a map`));
      },
      failed: () => {
        this.#search = undefined;
      },
    });
  }

  extend(holdUp: HoldUp): void {
    this.#search?.extend(holdUp);
  }

  abandon(error: CouchbaseError): void {
    this.#search?.abandon(error);
    this.#search = undefined;
  }
}

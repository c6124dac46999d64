import {
  AuthError,
  BucketNotFoundError,
  ClusterMap,
  ConnectError,
  type CouchbaseError,
  NetworkError,
  type SeedFailure,
  TimeoutError,
} from '@cb/protocol';
import type { BootstrapOutcome } from '../connection/bootstrap-session.js';
import { Connection } from '../connection/connection.js';
import type { ConnectionEvents } from '../connection/connection-owner.js';
import type { Address, ConnectionSettings } from '../connection/connection-settings.js';
import { reasonOf } from '../connection/socket-troubles.js';
import type { IOPS } from '../iops/iops.js';
import type { HoldUp } from '../time/hold-up.js';
import { TimeLimit } from '../time/time-limit.js';

export interface SeedBootstrapHandler {
  found(connection: Connection, map: ClusterMap): void;
  failed(error: CouchbaseError): void;
}

/** Where a search begins. */
export interface Seeds {
  readonly addresses: readonly Address[];
  /** The name of DNS SRV records that take the place of the addresses, if there are any (RFC 0011). */
  readonly srv: string | undefined;
  /** Maximum time to wait for the records, in milliseconds. */
  readonly srvMs: number;
}

/** Milliseconds after which the next seed is tried too, as in libcouchbase; less when there are many for the time. */
const PATIENCE_MS = 2000;

/** Milliseconds between two rounds, when a bucket is being set up, or may be. */
const ROUND_MS = 100;

/** Milliseconds for which a bucket that no seed knows may still come: it was created just now, or its node was started. */
const BUCKET_MS = 1000;

/** Milliseconds for which the other seeds may contradict one that refused the password or the bucket. */
const CONTRADICTION_MS = 2000;

/**
 * Tries the seeds in turn until one sends a cluster map. One that is slow, or hangs, may still answer while the next
 * one is tried too. A round in which every seed failed ends the search with an account of all; so does the deadline.
 *
 * A node that was just started, added or failed over refuses passwords and buckets that all others know. A refusal is
 * therefore the outcome only if no other seed contradicts within `CONTRADICTION_MS`; and a bucket is asked for again
 * for `BUCKET_MS`.
 */
export class SeedBootstrap implements ConnectionEvents {
  readonly #iops: IOPS;
  #seeds: readonly Address[];
  readonly #settings: ConnectionSettings;
  readonly #handler: SeedBootstrapHandler;
  readonly #timeoutMs: number;
  readonly #limit: TimeLimit;
  #failures: SeedFailure[] = [];
  #next = 0;
  /** When the next seed is tried even though those before it have not failed. */
  #nextAt = Number.POSITIVE_INFINITY;
  #notReady = false;
  /** The refusal of the password or the bucket, and until when others may contradict. */
  #refusal: CouchbaseError | undefined = undefined;
  #contradiction: TimeLimit | undefined = undefined;
  #nextRoundAt = Number.POSITIVE_INFINITY;
  /** How long DNS SRV records are waited for; undefined when they are not. */
  #srvLimit: TimeLimit | undefined = undefined;
  /** The seeds that may still answer. */
  readonly #open = new Set<Connection>();

  constructor(
    iops: IOPS,
    seeds: Seeds,
    settings: ConnectionSettings,
    timeoutMs: number,
    handler: SeedBootstrapHandler,
  ) {
    this.#iops = iops;
    this.#seeds = seeds.addresses;
    this.#settings = settings;
    this.#handler = handler;
    this.#timeoutMs = timeoutMs;
    this.#limit = new TimeLimit(iops.now(), timeoutMs);
    if (seeds.srv === undefined || iops.resolveSrv === undefined) {
      this.#tryNext();
    } else {
      this.#srvLimit = new TimeLimit(iops.now(), Math.min(seeds.srvMs, timeoutMs / 2));
      this.#resolve(iops.resolveSrv.bind(iops), seeds.srv);
    }
  }

  tick(now: number): void {
    for (const connection of [...this.#open]) {
      connection.sweep(now);
      if (this.#isOver(now)) connection.close(new TimeoutError(`${connection.name} did not answer in time`));
    }
    if (this.#srvLimit?.isOver(now)) this.#resolved([]);
    if (now >= this.#nextAt) this.#tryNext();
    if (now >= this.#nextRoundAt) {
      this.#nextRoundAt = Number.POSITIVE_INFINITY;
      this.#failures = [];
      this.#next = 0;
      this.#notReady = false;
      this.#tryNext();
    }
  }

  /** Moves the deadlines of the search and its connections. */
  extend(holdUp: HoldUp): void {
    this.#limit.extend(holdUp);
    this.#contradiction?.extend(holdUp);
    this.#srvLimit?.extend(holdUp);
    for (const connection of this.#open) connection.extend(holdUp);
  }

  /** Stops without calling back. */
  abandon(error: CouchbaseError): void {
    this.#next = this.#seeds.length;
    this.#nextAt = Number.POSITIVE_INFINITY;
    this.#srvLimit = undefined;
    this.#nextRoundAt = Number.POSITIVE_INFINITY;
    const open = [...this.#open];
    this.#open.clear();
    for (const connection of open) connection.close(error);
  }

  connectionReady(connection: Connection, outcome: BootstrapOutcome): void {
    const map = outcome.map ?? staticMap(this.#settings, this.#seeds);
    if (map !== undefined && map.vbuckets > 0) {
      this.#open.delete(connection);
      this.abandon(new NetworkError(`${connection.name} was faster`));
      this.#handler.found(connection, map);
      return;
    }
    this.#notReady = true;
    connection.close(new TimeoutError(`${connection.name} is still setting the bucket up`));
  }

  connectionClosed(connection: Connection, cause: CouchbaseError, step: string): void {
    if (!this.#open.delete(connection)) return;
    this.#failures.push({ address: connection.name, step, cause });
    if (cause instanceof AuthError || cause instanceof BucketNotFoundError) this.#refused(cause);
    this.#tryNext();
  }

  /** A map that is pushed before the connection is handed over also comes with the configuration. */
  serverRequest(): void {}

  /** A node that refuses the bucket has accepted the password, even if others refuse it. */
  #refused(cause: CouchbaseError): void {
    if (!(this.#refusal instanceof BucketNotFoundError)) this.#refusal = cause;
    this.#contradiction ??= new TimeLimit(this.#iops.now(), CONTRADICTION_MS);
  }

  #isOver(now: number): boolean {
    return this.#limit.isOver(now) || (!this.#notReady && this.#contradiction?.isOver(now) === true);
  }

  /** Whether another round may find what this one did not. */
  #mayRepeat(now: number): boolean {
    if (ROUND_MS >= this.#limit.remainingMs(now)) return false;
    if (this.#notReady) return true;
    const refusedMs = CONTRADICTION_MS - (this.#contradiction?.remainingMs(now) ?? 0);
    return this.#refusal instanceof BucketNotFoundError && refusedMs + ROUND_MS <= BUCKET_MS;
  }

  #resolve(resolveSrv: NonNullable<IOPS['resolveSrv']>, name: string): void {
    try {
      resolveSrv(name, (targets) => this.#resolved(targets));
    } catch {
      // Records are optional: their lookup failed.
      this.#resolved([]);
    }
  }

  /** Goes on with the hosts that the records name; without any, with the host of the connection string itself. */
  #resolved(targets: readonly Address[]): void {
    if (this.#srvLimit === undefined) return;
    this.#srvLimit = undefined;
    if (targets.length > 0) this.#seeds = targets;
    this.#tryNext();
  }

  /** Goes on with the next seed; when there is none, with the next round, with those that may still answer, or not. */
  #tryNext(): void {
    const now = this.#iops.now();
    const seed = this.#isOver(now) ? undefined : this.#nextSeed();
    const { length } = this.#seeds;
    this.#nextAt = Number.POSITIVE_INFINITY;
    if (seed !== undefined) {
      this.#open.add(new Connection(this.#iops, seed, this.#settings, this));
      const shareMs =
        Math.min(this.#timeoutMs, this.#refusal === undefined ? PATIENCE_MS * length : CONTRADICTION_MS) / length;
      if (this.#next < length) this.#nextAt = now + shareMs * 1000;
    } else if (this.#mayRepeat(now)) {
      this.#nextRoundAt = now + ROUND_MS * 1000;
    } else if (this.#open.size === 0) {
      this.#handler.failed(this.#account(this.#notReady ? undefined : this.#refusal));
    }
  }

  /** The next one of this round that has not been waited for since the last. */
  #nextSeed(): Address | undefined {
    const waitedFor = new Set([...this.#open].map(({ address }) => address));
    while (this.#next < this.#seeds.length) {
      const seed = this.#seeds[this.#next++]!;
      if (!waitedFor.has(seed)) return seed;
    }
    return undefined;
  }

  /** Returns the error with an account of every seed, of the class of the deciding cause, if there is one. */
  #account(decisive: CouchbaseError | undefined): CouchbaseError {
    const failures = this.#failures;
    const lines = failures.map(({ address, step, cause }) => `  ${address} at ${step}: ${reasonOf(cause, address)}`);
    const account = new ConnectError(`no seed node could be used:\n${lines.join('\n')}`, {
      cause: decisive ?? failures[0]?.cause,
      seeds: failures,
    });
    if (decisive === undefined) return account;
    const ErrorClass = decisive.constructor as typeof AuthError;
    const { status, context, ref } = decisive;
    return new ErrorClass(`${decisive.message}\n${lines.join('\n')}`, {
      cause: account,
      ...(status === undefined ? {} : { status }),
      ...(context === undefined ? {} : { context }),
      ...(ref === undefined ? {} : { ref }),
    });
  }
}

/** Servers without cluster maps are the nodes themselves, keys spread over them by the same hash. */
function staticMap(settings: ConnectionSettings, seeds: readonly Address[]): ClusterMap | undefined {
  if (settings.protocol !== 'memcached') return undefined;
  const config = {
    nodesExt: seeds.map(({ host, port }) => ({ hostname: host, services: { kv: port, kvSSL: port } })),
    vBucketServerMap: {
      serverList: seeds.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`),
      vBucketMap: seeds.map((_seed, index) => [index]),
    },
  };
  return ClusterMap.parse(JSON.stringify(config), seeds[0]!.host);
}

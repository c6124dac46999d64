import type { Clock } from '../time/clock.js';
import type { CasSource } from './cas-clock.js';
import type { Document } from './document.js';

/** Default and maximum duration of GETL, in seconds. Source: ep-engine's `getl_default_timeout`, `getl_max_timeout`. */
export const LOCK_SECONDS_DEFAULT = 15;
export const LOCK_SECONDS_MAX = 30;

/** What opens a lock. */
export interface LockCas {
  readonly casHigh: number;
  readonly casLow: number;
}

interface Lock extends LockCas {
  readonly untilMs: number;
}

/**
 * The locked documents of a vbucket. A lock belongs to one version of a document: a new version has none. It has a CAS
 * of its own, known only to its holder; the document's own is restored when the lock ends. Time is in whole seconds, as
 * in a server: a lock lasts for as long as was asked for, and up to a second more.
 */
export class Locks {
  readonly #clock: Clock;
  readonly #cas: CasSource;
  readonly #locks = new Map<Document, Lock>();

  constructor(clock: Clock, cas: CasSource) {
    this.#clock = clock;
    this.#cas = cas;
  }

  isLocked(document: Document): boolean {
    return this.#locks.size > 0 && this.#current(document) !== undefined;
  }

  /** Whether the CAS is that of the document's lock. */
  opens(document: Document, casHigh: number, casLow: number): boolean {
    const lock = this.#current(document);
    return lock !== undefined && lock.casLow === casLow && lock.casHigh === casHigh;
  }

  /** Locks a document that is not locked and returns the lock's CAS. 0 and more than the maximum mean the default. */
  lock(document: Document, seconds: number): LockCas {
    this.#cas.tick();
    return this.lockAs(document, seconds, this.#cas.high, this.#cas.low);
  }

  /** The same with a CAS that is given. */
  lockAs(document: Document, seconds: number, casHigh: number, casLow: number): LockCas {
    const granted = seconds === 0 || seconds > LOCK_SECONDS_MAX ? LOCK_SECONDS_DEFAULT : seconds;
    const lock = { casHigh, casLow, untilMs: (Math.floor(this.#clock.now() / 1000) + granted + 1) * 1000 };
    this.#locks.set(document, lock);
    return lock;
  }

  release(document: Document): void {
    if (this.#locks.size > 0) this.#locks.delete(document);
  }

  clear(): void {
    this.#locks.clear();
  }

  #current(document: Document): Lock | undefined {
    const lock = this.#locks.get(document);
    if (lock === undefined || lock.untilMs > this.#clock.now()) return lock;
    this.#locks.delete(document);
    return undefined;
  }
}

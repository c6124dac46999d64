import { Status } from '@cb/protocol';
import { checkFields, choiceOption, finiteMsOption } from '../base/check-options.js';
import type { Clock } from '../time/clock.js';

const REFUSALS = ['no-bucket', 'no-access', 'no-user'] as const;

/** Options of restarting a node. By default it serves at once. */
export interface RestartOptions {
  /** Milliseconds in which the node's process answers, but knows no bucket. Default 0. */
  readonly unavailableMs?: number | undefined;
  /**
   * The refusal of clients during that time: `no-bucket`, the bucket is missing (status 0x01); `no-access`, they may
   * not use it (0x24); `no-user`, the name or password is wrong (0x20). Default `no-bucket`.
   */
  readonly unavailableAs?: (typeof REFUSALS)[number] | undefined;
  /**
   * Milliseconds, after those, in which the buckets can be selected and load their documents: requests for documents fail
   * for now (0x86). Default 0.
   */
  readonly warmupMs?: number | undefined;
}

export type RestartPlan = { readonly [option in keyof RestartOptions]-?: NonNullable<RestartOptions[option]> };

/** @throws ArgumentError for an option that is unknown or out of range. */
export function restartPlan(options: RestartOptions): RestartPlan {
  checkFields(options, ['unavailableMs', 'unavailableAs', 'warmupMs'], 'options');
  return {
    unavailableMs: finiteMsOption(options.unavailableMs, 'unavailableMs', 0),
    unavailableAs: choiceOption(options.unavailableAs, 'unavailableAs', REFUSALS, 'no-bucket'),
    warmupMs: finiteMsOption(options.warmupMs, 'warmupMs', 0),
  };
}

/**
 * The phases of a restarted node. Before it is done, it has no configuration for clients.
 *
 * without buckets ---> warm-up ---> done
 */
export class Startup {
  readonly #clock: Clock;
  readonly #refusal: RestartPlan['unavailableAs'];
  readonly #warmupMs: number;
  readonly #onDone: () => void;
  #hasBuckets = false;
  #cancel: () => void;

  constructor(clock: Clock, { unavailableMs, unavailableAs, warmupMs }: RestartPlan, onDone: () => void) {
    this.#clock = clock;
    this.#refusal = unavailableAs;
    this.#warmupMs = warmupMs;
    this.#onDone = onDone;
    this.#cancel = () => {};
    if (unavailableMs === 0) this.#warmUp();
    else this.#cancel = clock.after(unavailableMs, () => this.#warmUp());
  }

  /** Whether clients can sign in. */
  get hasUsers(): boolean {
    return this.#hasBuckets || this.#refusal !== 'no-user';
  }

  /** Whether buckets can be selected. */
  get hasBuckets(): boolean {
    return this.#hasBuckets;
  }

  /** The status of selecting a bucket before there is one. */
  get selectStatus(): number {
    return this.#refusal === 'no-access' ? Status.Access : Status.KeyNotFound;
  }

  /** Cancels the restart: the node went down again. */
  cancel(): void {
    this.#cancel();
  }

  #warmUp(): void {
    this.#hasBuckets = true;
    this.#cancel = this.#clock.after(this.#warmupMs, this.#onDone);
  }
}

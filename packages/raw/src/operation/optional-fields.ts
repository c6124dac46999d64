import type { CouchbaseError } from '@cb/protocol';
import type { Endurance } from './endurance.js';
import type { RetryReason, RetryStrategy } from './retry-strategy.js';

/** What few operations need: they have it in an object of its own, so that all others are small. */
export class OptionalFields {
  /** The copy of the document to go to: 0 for the active one, n for the n-th replica. */
  replica: number = 0;
  /** The node to go to, as `host:port`, for operations that are about a node. */
  node: string | undefined = undefined;
  /** 0 for none, else a `DurabilityLevel`. */
  durabilityLevel: number = 0;
  /** What must be waited for after success. */
  endurance: Endurance | undefined = undefined;
  /** The document keeps its expiry. */
  preserveExpiry: boolean = false;
  /** HELLO features without which it is not sent. */
  requires: readonly number[] | undefined = undefined;
  /** What only this kind of operation has, made by its own file. */
  argument: unknown = undefined;
  /** Decides about further attempts, instead of the bucket's strategy. */
  retry: RetryStrategy | undefined = undefined;
  /** What the server last refused it with. */
  refusal: CouchbaseError | undefined = undefined;
  /** Go where the vbucket will be after the rebalance. */
  forward: boolean = false;
  /** Why it was sent again, each reason once. */
  retryReasons: RetryReason[] | undefined = undefined;
  /** Some attempt was written to a connection that broke before it answered: it may have taken effect. */
  fateUnknown: boolean = false;
  /** The signal has a listener from the moment that the operation is sent: one that is never sent leaves none. */
  signal: AbortSignal | undefined = undefined;
  /** What listens to the signal. */
  onAbort: (() => void) | undefined = undefined;
  /** Microseconds by which its deadline was moved, as the event loop was held up. */
  heldUp: number = 0;
  /** What it failed with. */
  error: CouchbaseError | undefined = undefined;
}

/** What operations have that set none of them; never written to. */
export const NO_OPTIONAL_FIELDS = new OptionalFields();

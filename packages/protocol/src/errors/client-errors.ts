import {
  CouchbaseDataError,
  CouchbaseError,
  CouchbaseFatalError,
  CouchbaseInputError,
  CouchbaseInternalError,
  CouchbaseNetworkError,
  CouchbaseTransientError,
  type ErrorClass,
  type ErrorDetails,
} from './couchbase-error.js';

/**
 * An argument is missing, of the wrong type or out of range; the message names it and its limit. Nothing was sent, unless
 * only the answer can show it.
 */
export class ArgumentError extends CouchbaseError {
  static override readonly code: string = 'argument';
  static override readonly rc: number = 0x1f;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** The path of a sub-document operation is empty, and the operation needs one. Nothing was sent. */
export class SubdocEmptyPathError extends ArgumentError {
  static override readonly code: string = 'subdoc_empty_path';
  static override readonly rc: number = 0x4c;
}

/** A key or value cannot be encoded, or received bytes cannot be decoded; `cause` has the transcoder's own error. */
export class ValueFormatError extends CouchbaseError {
  static override readonly code: string = 'value_format';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** The deadline passed. `ambiguous` tells whether the operation may have taken effect. */
export class TimeoutError extends CouchbaseError {
  static override readonly code: string = 'timeout';
  static override readonly rc: number = 0x17;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseNetworkError, CouchbaseTransientError];
  static override readonly retryable: boolean = true;
}

/** The caller cancelled the operation. `ambiguous` tells whether it may have taken effect. */
export class CancelledError extends CouchbaseError {
  static override readonly code: string = 'cancelled';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [];
}

/** The connection failed while the operation was in flight. */
export class NetworkError extends CouchbaseError {
  static override readonly code: string = 'network_failure';
  static override readonly rc: number = 0x10;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseNetworkError];
  static override readonly retryable: boolean = true;
}

/** The failure of one host of the connection string. */
export interface SeedFailure {
  /** `host:port`. */
  readonly address: string;
  /** The step at which it failed: `connect`, `hello`, `authenticate`, `select bucket`, `cluster configuration`, … */
  readonly step: string;
  /** The error that this seed failed with. */
  readonly cause: CouchbaseError;
}

/**
 * No node could be reached, or all refused the connection; `seeds` and the message say which address failed, where and
 * why.
 */
export class ConnectError extends CouchbaseError {
  static override readonly code: string = 'connect';
  static override readonly rc: number = 0x18;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseNetworkError];
  static override readonly retryable: boolean = true;
  /** What each seed failed with, in the order in which they were tried. */
  readonly seeds: readonly SeedFailure[];

  constructor(message: string, details: ErrorDetails & { readonly seeds?: readonly SeedFailure[] | undefined } = {}) {
    super(message, details);
    this.seeds = details.seeds ?? [];
  }
}

/** A host name of the connection string has no address. */
export class UnknownHostError extends CouchbaseError {
  static override readonly code: string = 'unknown_host';
  static override readonly rc: number = 0x15;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseNetworkError, CouchbaseInputError];
}

/** A peer sent bytes that the protocol does not allow. */
export class ProtocolError extends CouchbaseError {
  static override readonly code: string = 'protocol';
  static override readonly rc: number = 0x16;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseNetworkError];
}

/** There is no such bucket, or the user may not see it: the server does not distinguish the two. */
export class BucketNotFoundError extends CouchbaseError {
  static override readonly code: string = 'bucket_not_found';
  static override readonly rc: number = 0x19;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError, CouchbaseFatalError];
}

/** The bucket has no configuration: it is not connected yet, or it is closed. */
export class ClientTemporaryFailError extends CouchbaseError {
  static override readonly code: string = 'client_temporary_fail';
  static override readonly rc: number = 0x1b;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseTransientError];
  static override readonly retryable: boolean = true;
}

/** The bucket was closed or destroyed while the operation was outstanding. */
export class ObjectDestroyedError extends CouchbaseError {
  static override readonly code: string = 'object_destroyed';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [];
}

/** A result arrived, and the callback that it needs is missing. Thrown on the next tick, as an uncaught exception. */
export class MissingCallbackError extends CouchbaseInternalError {
  static override readonly code: string = 'missing_callback';
  static override readonly rc: number = 0x00;
}

/** The call is not possible inside a pipeline. */
export class PipelineError extends CouchbaseError {
  static override readonly code: string = 'pipeline';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** The send queue of the node is full; `await bucket.drained()` before sending more. */
export class QueueFullError extends CouchbaseError {
  static override readonly code: string = 'queue_full';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseTransientError];
  static override readonly retryable: boolean = true;
}

/**
 * An answer that must be kept whole is longer than the caller's limit (`bytesMax`), or never ends. The received part is
 * discarded.
 */
export class AnswerTooBigError extends CouchbaseError {
  static override readonly code: string = 'answer_too_big';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** The operation could not be repeated without overtaking a later one on the same key that already succeeded. */
export class OrderLostError extends CouchbaseError {
  static override readonly code: string = 'order_lost';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseDataError];
}

/** The queue is empty. */
export class QueueEmptyError extends CouchbaseError {
  static override readonly code: string = 'queue_empty';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseDataError];
}

/** The server or the connection does not have what the call needs. */
export class FeatureNotAvailableError extends CouchbaseError {
  static override readonly code: string = 'feature_not_available';
  static override readonly rc: number = 0x13;
  static override readonly categories: readonly ErrorClass[] = [];
}

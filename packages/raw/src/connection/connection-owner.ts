import type { CouchbaseError, Frame } from '@cb/protocol';
import type { Operation } from '../operation/operation.js';
import type { Result } from '../results/results.js';
import type { BootstrapOutcome } from './bootstrap-session.js';
import type { Connection } from './connection.js';

/** The owner of a connection gets its events here; after `connectionClosed` there are none. */
export interface ConnectionOwner {
  connectionReady(connection: Connection, outcome: BootstrapOutcome): void;
  /** The connection is gone: it never became ready (then `step` says where it stopped), or it broke. */
  connectionClosed(connection: Connection, error: CouchbaseError, step: string, sent: Operation[]): void;
  /** A connection that had too much to send, or to wait for, takes operations again. */
  connectionDrained(connection: Connection): void;
  /** An operation was answered with a status other than success. The frame is valid only during the call. */
  operationRefused(operation: Operation, frame: Frame, connection: Connection): void;
  /** An operation was not answered in time. */
  operationExpired(operation: Operation): void;
  /** An operation took effect; called before its result is delivered. */
  operationSucceeding(operation: Operation): void;
  /** An operation succeeded that must also become durable. */
  operationStored(operation: Operation, result: Result): void;
  /**
   * Whether other connections have at least this many outstanding operations: their answers may bring operations for
   * this one.
   */
  othersAwait(answers: number): boolean;
  /** The server sent a request of its own. The frame is valid only during the call. */
  serverRequest(frame: Frame, connection: Connection): void;
}

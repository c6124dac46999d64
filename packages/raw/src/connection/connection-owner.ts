import type { CouchbaseError, Frame } from '@cb/protocol';
import type { Operation } from '../operation/operation.js';
import type { Result } from '../results/results.js';
import type { BootstrapOutcome } from './bootstrap-session.js';
import type { Connection } from './connection.js';

/** The events in the life of a connection; none follows `connectionClosed`. */
export interface ConnectionEvents {
  connectionReady(connection: Connection, outcome: BootstrapOutcome): void;
  /** The connection is gone: it never became ready (then `step` says where it stopped), or it broke. */
  connectionClosed(connection: Connection, error: CouchbaseError, step: string, sent: Operation[]): void;
  /** The server sent a request of its own. The frame is valid only during the call. */
  serverRequest(frame: Frame, connection: Connection): void;
}

/** The outcomes of the operations that a connection was given, for owners that send any. */
export interface AnswerHandler {
  /** A connection whose send queue or slots were full takes operations again. */
  connectionDrained(connection: Connection): void;
  /** An operation was answered with a status other than success. The frame is valid only during the call. */
  operationRefused(operation: Operation, frame: Frame, connection: Connection): void;
  /** An operation was not answered in time. */
  operationExpired(operation: Operation): void;
  /** An operation was carried out; called before its callbacks. */
  operationSucceeding(operation: Operation): void;
  /** An operation succeeded that must also become durable. */
  operationStored(operation: Operation, result: Result): void;
  /** Whether other connections have at least this many outstanding operations, whose answers may bring more for this one. */
  othersAwait(answers: number): boolean;
}

/** An owner that sends operations over its connection. */
export type ConnectionOwner = ConnectionEvents & AnswerHandler;

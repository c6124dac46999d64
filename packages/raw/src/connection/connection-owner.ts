import type { CouchbaseError, Frame } from '@cb/protocol';
import type { Operation } from '../operation/operation.js';
import type { Result } from '../results/results.js';
import type { BootstrapOutcome } from './bootstrap-session.js';
import type { Connection } from './connection.js';

/** What the owner of a connection is told of its life; after `connectionClosed` nothing more. */
export interface ConnectionEvents {
  connectionReady(connection: Connection, outcome: BootstrapOutcome): void;
  /** The connection is gone: it never became ready (then `step` says where it stopped), or it broke. */
  connectionClosed(connection: Connection, error: CouchbaseError, step: string, sent: Operation[]): void;
  /** The server sent a request of its own. The frame is valid only during the call. */
  serverRequest(frame: Frame, connection: Connection): void;
}

/** What becomes of the operations that a connection was given; only those that send any need to know. */
export interface AnswerHandler {
  /** A connection that had too much to send, or to wait for, takes operations again. */
  connectionDrained(connection: Connection): void;
  /** An operation was answered with a status other than success. The frame is valid only during the call. */
  operationRefused(operation: Operation, frame: Frame, connection: Connection): void;
  /** An operation was not answered in time. */
  operationExpired(operation: Operation): void;
  /** An operation was carried out; called before anybody hears of its result. */
  operationSucceeding(operation: Operation): void;
  /** An operation succeeded that must also become durable. */
  operationStored(operation: Operation, result: Result): void;
  /** Whether other connections wait for so many answers, or more: those may bring operations for this one. */
  othersAwait(answers: number): boolean;
}

/** What sends operations over a connection. */
export type ConnectionOwner = ConnectionEvents & AnswerHandler;

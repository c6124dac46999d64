import { ArgumentError, ConnectError, CouchbaseError, NetworkError } from '@cb/protocol';
import { EventAction } from '../iops/constants.js';
import type { IOEvent } from '../iops/event.js';
import type { IOPS } from '../iops/iops.js';

/** Closes an event's socket and frees the event. Errors of the IOPS are ignored: the socket is discarded anyway. */
export function freeSocket(iops: IOPS, event: IOEvent): void {
  for (const step of [() => event.socket?.destroy(), () => iops.updateEvent(event, EventAction.Cleanup, 0)]) {
    try {
      step();
    } catch {}
  }
  event.state = 'freed';
}

/** Returns what a connection ends with where something was thrown: an error of ours, or by the IOPS anything. */
export function asBroken(node: string, thrown: unknown): CouchbaseError {
  // What is wrong with an argument now was right when the bucket was made: a file has changed since, and may again.
  if (thrown instanceof CouchbaseError && !(thrown instanceof ArgumentError)) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new ConnectError(`${node}: ${message}`, { node, cause: thrown });
}

/** What OpenSSL says of bytes that are not TLS. */
const NO_TLS = /wrong[ _]version[ _]number|packet[ _]length[ _]too[ _]long/i;

/**
 * Returns the error of a socket that broke, or that the server ended.
 * @param soFar how far it was and what that may mean, for a server that ended it.
 */
export function socketFailed(node: string, error: Error | undefined, soFar = ''): NetworkError {
  const why = error === undefined ? `the server closed the connection${soFar}` : failedBecause(error, node);
  return new NetworkError(`${node}: ${why}`, { node, cause: error });
}

/** Returns how far a connection was that received nothing, and which port that speaks for. */
export function beforeAnything(isTls: boolean, isOpening: boolean): string {
  if (isTls) return isOpening ? ' before TLS was agreed on, as a port without TLS does' : '';
  return ' before it said anything, as a port with TLS does';
}

function failedBecause(error: Error, node: string): string {
  return NO_TLS.test(error.message)
    ? 'the port does not speak TLS; use couchbase://, or a port with TLS'
    : reasonOf(error, node);
}

/** Returns why a connection failed, without the address with which the message begins or ends. */
export function reasonOf({ message }: Error, node: string): string {
  const reason = message.startsWith(node) ? message.slice(node.length).replace(/^:? /, '') : message;
  return reason.endsWith(` ${node}`) ? reason.slice(0, -node.length - 1) : reason;
}

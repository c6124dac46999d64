import type { EventAction } from './constants.js';
import type { IOEvent, TimerEvent } from './event.js';

/** How a TLS connection is made; everything is PEM text. */
export interface TlsTarget {
  /** The trusted certificates, instead of the system's. */
  readonly ca?: string | undefined;
  /** A file with them. */
  readonly caFile?: string | undefined;
  /** The client's certificate and key, for authentication by certificate. */
  readonly cert?: string | undefined;
  /** The private key of the client certificate, PEM. */
  readonly key?: string | undefined;
  /** False accepts any certificate: for tests only. */
  readonly verify: boolean;
}

/** What all sockets of a bucket have in common. */
export interface SocketOptions {
  /** Milliseconds of silence before the operating system probes the peer; 0 for never. */
  readonly keepAliveMs: number;
  /** Whether the socket alone keeps the process alive. */
  readonly ref: boolean;
  /** Which addresses of a host name are used: those of IPv4, of IPv6, or (the default) both. */
  readonly family?: 4 | 6 | undefined;
  /** Milliseconds that looking the addresses of a host name up may take. Default: as long as the resolver takes. */
  readonly resolveMs?: number | undefined;
}

/** Where a socket goes. */
export interface SocketTarget extends SocketOptions {
  /** The host name or address. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** How to encrypt; undefined for not at all. */
  readonly tls?: TlsTarget;
}

/** What a DNS SRV record names. */
export interface SrvTarget {
  /** The host name. */
  readonly host: string;
  /** The port. */
  readonly port: number;
}

/** A key to be derived by PBKDF2 (RFC 8018) with the HMAC of a hash. */
export interface KeyDerivation {
  /** The password. */
  readonly password: Uint8Array;
  /** The salt. */
  readonly salt: Uint8Array;
  /** From 1 to 1,000,000. */
  readonly iterations: number;
  /** `sha1`, `sha256` or `sha512`. */
  readonly hash: string;
  /** Length of the key, in bytes. */
  readonly bytes: number;
}

/**
 * A connected (or connecting) stream of bytes, the stand-in for a descriptor: its readiness is reported through the
 * `IOEvent` it was opened with.
 */
export interface IOSocket {
  /** A number that is this socket's alone for as long as it is open. */
  readonly fileno: number;
  /**
   * The next bytes received, or undefined when there are none now. They are valid until the next watch for reading, and
   * the caller's to write over until then.
   */
  recv(): Buffer | undefined;
  /**
   * Takes the bytes to send them. Allowed only when write readiness was signalled and no block is outstanding.
   * True: the memory may be reused at once. False: the socket keeps it until it next signals write readiness.
   */
  send(bytes: Buffer): boolean;
  /** True when nothing will be received any more: the peer ended the stream, or `error` has the reason. */
  readonly ended: boolean;
  /** What broke the socket, if anything did. */
  readonly error: Error | undefined;
  /** The far end as `address:port` once connected, for messages. */
  readonly remoteAddress: string | undefined;
  /** The near end as `address:port` once connected, for messages. */
  readonly localAddress: string | undefined;
  /** Closes at once; what was not sent is dropped. Nothing is signalled afterwards. */
  destroy(): void;
}

/**
 * The plug under the core: all its I/O, timers, clock and randomness go through one object of this kind.
 *
 * Watchers are one-shot: each delivery disarms the event, and the core asks again with `updateEvent`; as long as it
 * does not, nothing is delivered, which is how backpressure works. Nothing is ever delivered from inside a call of
 * `updateEvent` or `updateTimer`. The end of a socket and its errors count as readiness for everything watched, and are
 * found by `recv` and the socket's fields.
 *
 * Timers may be late, as long as the process is busy. Then a timer that another timer arms without delay lets the sockets
 * go first: what had arrived by then has been delivered, or as much of it as is watched for and one turn of a loop reads.
 * An answer that lies in a socket is therefore not taken for one that never came.
 *
 * An IOPS is owned by one bucket for the bucket's whole life. `@cb/raw/conformance` has the tests that every implementation
 * must pass.
 */
export interface IOPS {
  /**
   * Changes what `event` is watched for. `Watch` replaces the flags watched before, `Unwatch` leaves none, `Cleanup`
   * ends the event for good. `flags` are meaningful only with `Watch`.
   */
  updateEvent(event: IOEvent, action: EventAction, flags: number): void;
  /**
   * Arms a timer `usecs` microseconds from now (`Watch`; re-arms one that is armed), disarms or ends it. One-shot. Without
   * delay it fires after the sockets had their turn.
   */
  updateTimer(timer: TimerEvent, action: EventAction, usecs: number): void;
  /** Called when the core begins to wait for events. An IOPS that drives its own loop may start it here. */
  startWatching(): void;
  /** Called when nothing more is waited for; undoes `startWatching`. */
  stopWatching(): void;
  /** Lets the implementation use its own subclass of `IOEvent`. */
  ioEventFactory?(): IOEvent;
  /** Lets the implementation use its own subclass of `TimerEvent`. */
  timerEventFactory?(): TimerEvent;
  /**
   * Begins to connect; write readiness on `event` (with `socket.error` unset) means connected. Sets `event.socket`. What it
   * throws counts as a connection that failed: another attempt follows.
   */
  openSocket(event: IOEvent, target: SocketTarget): IOSocket;
  /**
   * Throws when TLS connections cannot be made with these certificates: called when a bucket is made, so that a fault shows
   * then. Default: the first connection shows it.
   */
  checkTls?(target: TlsTarget): void;
  /**
   * Looks DNS SRV records up by their full name, and calls back once, not within this call: with no targets when there
   * are none, or when no server answers. Default: there are none.
   */
  resolveSrv?(name: string, resolved: (targets: readonly SrvTarget[]) => void): void;
  /**
   * Derives a key, which may take a second, and calls back once, not within this call. Default: Node's thread pool does it.
   */
  deriveKey?(asked: KeyDerivation, derived: (error: Error | null, key: Uint8Array) => void): void;
  /** Monotonic time in microseconds. */
  now(): number;
  /** Returns unpredictable bytes (or, in a simulation, bytes that a seed determines). */
  randomBytes(count: number): Buffer;
}

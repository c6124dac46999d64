import type { IOPS, SocketTarget } from '../iops/iops.js';

/** The far end of a connection that the IOPS under test opened: raw bytes, no protocol. It reads from the start. */
export interface Peer {
  /**
   * Sends the bytes, and resolves once the network has taken all of them, which it does not while they are not
   * received.
   */
  send(bytes: Buffer): Promise<void>;
  /** The next `count` bytes received. Rejects when the connection ends before that many came. */
  received(count: number): Promise<Buffer>;
  /** Ends the stream in this direction; what was sent before still arrives. */
  end(): void;
  /** Breaks the connection at once, so that the other side sees an error. */
  reset(): void;
  /** Takes nothing more from the network … */
  stopReading(): void;
  /** … until this. */
  resumeReading(): void;
}

/** A port with raw peers behind it. */
export interface PeerListener {
  /** How the IOPS reaches the port. */
  readonly target: SocketTarget;
  /** The peer of the next connection, in the order in which they came, once bytes can go both ways. */
  accepted(): Promise<Peer>;
  /** Ends the connections and stops listening; once resolved, a connection to `target` is refused. */
  close(): Promise<void>;
}

/** The requirements of the conformance cases: an IOPS, a peer for it, and time. */
export interface ConformanceHarness {
  /** The IOPS that is judged. */
  readonly iops: IOPS;
  /** Listens on a port of its own for each call. */
  listen(): Promise<PeerListener>;
  /** Lets `ms` milliseconds pass in which events take place: real ones, or those of a simulation. */
  elapse(ms: number): Promise<void>;
  /** More bytes than the network holds between two ends that do not receive; default 32 MiB. */
  readonly unreadBytesMax?: number | undefined;
  /** Milliseconds (as of `elapse`) after which something awaited is said not to happen; default 10000. */
  readonly patienceMs?: number | undefined;
}

/** One thing that every IOPS must do. */
export interface ConformanceCase {
  /** What the case shows. */
  readonly name: string;
  /** Rejects with an `Error` that says what was not as it must be. Leaves nothing open or armed behind. */
  run(harness: ConformanceHarness): Promise<void>;
}

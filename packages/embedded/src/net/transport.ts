/** The byte stream under a session: a socket, or a simulated connection. It never calls the session from within a call of its own. */
export interface Transport {
  /** Takes bytes to be sent. True when it is done with the memory, so that the caller may reuse it at once. */
  write(bytes: Buffer): boolean;
  /** How many taken bytes still wait for the peer to read. */
  readonly backlogBytes: number;
  /** Stops delivering received bytes until `resume`. */
  pause(): void;
  /** Delivers received bytes again. */
  resume(): void;
  /** Sends what was taken, then closes. Nothing is delivered afterwards. */
  close(): void;
  /** Breaks the connection at once; the peer sees a reset. A transport that cannot do this is closed instead. */
  reset?(): void;
  /** Runs the action after the written bytes were sent, not within this call. Default: a timer of no time. */
  soon?(action: () => void): void;
}

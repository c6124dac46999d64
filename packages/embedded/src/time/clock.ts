/** Time as the embedded cluster sees it: expiry, locks, CAS values, lags and durable timeouts all go by it. */
export interface Clock {
  /** Milliseconds since the epoch; may have a fraction, never goes back. */
  now(): number;
  /** Runs `action` once, `ms` milliseconds from now, never within this call. Returns a function that cancels it. */
  after(ms: number, action: () => void): () => void;
}

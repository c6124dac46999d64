/**
 * `idle -> connecting -> connected -> closing -> closed`; `connecting -> failed`, and `closed` from everywhere.
 */
export type BucketState = 'idle' | 'connecting' | 'connected' | 'closing' | 'closed' | 'failed';

import type { User } from './auth/user.js';
import type { Clock } from './clock.js';
import type { LocalBucket } from './local-bucket.js';

/** What a session needs of the node it belongs to. */
export interface Node {
  readonly clock: Clock;
  /** Names in the order in which the buckets were created. */
  readonly buckets: ReadonlyMap<string, LocalBucket>;
  user(name: string): User | undefined;
  /** A fresh uuid as text, from the cluster's own source of randomness. */
  uuid(): string;
  /** Tells the people in charge about something that a client asked for and nobody serves; each text once. */
  warn(message: string): void;
}

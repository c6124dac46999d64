import type { Document } from './document.js';

/** What two versions of a document are compared by. */
export interface VersionMeta {
  readonly revision: number;
  readonly casHigh: number;
  readonly casLow: number;
  readonly expiry: number;
  readonly flags: number;
}

/**
 * Whether a version from elsewhere takes the place of the one that is here: the greater revision wins, then the greater
 * CAS, expiry and flags. Of two that are the same, the one that is here stays.
 * Source: kv_engine's conflict resolution by revision id, the default of a bucket.
 */
export function prevails(incoming: VersionMeta, existing: Document): boolean {
  const order =
    incoming.revision - existing.revision ||
    incoming.casHigh - existing.casHigh ||
    incoming.casLow - existing.casLow ||
    incoming.expiry - existing.expiry ||
    incoming.flags - existing.flags;
  return order > 0;
}

import { formatRole } from '../auth/role.js';
import type { User } from '../auth/user.js';
import type { QueryHost } from './query-host.js';

/** Users are replaced when they change: each has a number of its own. */
const numbers = new WeakMap<User, number>();
let lastNumber = 0;

/**
 * Returns a text that is another one when plans that a user's statements had before may not be right any more: what there
 * is to query has changed, or what the user may do.
 */
export function planVersion(cluster: QueryHost, user: User | undefined): string {
  const parts = [String(cluster.queries.planRevision)];
  for (const name of cluster.bucketNames) {
    const bucket = cluster.findBucket(name);
    if (bucket !== undefined) parts.push(`${bucket.uuid}:${bucket.manifest.uid}`);
  }
  if (user !== undefined) parts.push(`${numberOf(user)}`, ...user.effectiveRoles.map(({ role }) => formatRole(role)));
  return parts.join();
}

function numberOf(user: User): number {
  const known = numbers.get(user);
  if (known !== undefined) return known;
  lastNumber++;
  numbers.set(user, lastNumber);
  return lastNumber;
}

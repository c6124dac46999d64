import type { Role } from './role.js';
import type { User } from './user.js';

/** Where a role is to hold: in a bucket, or in a scope or a collection of it. */
export interface RolePlace {
  readonly bucket: string;
  readonly scope?: string | undefined;
  readonly collection?: string | undefined;
}

/**
 * Returns whether a user has one of these roles, themselves or by a group.
 *
 * @param names a list that includes the administrators' roles, if these are to do
 * @param place where a role must hold that is for parts of the cluster; default anywhere
 */
export function holdsRole(user: User | undefined, names: ReadonlySet<string>, place?: RolePlace): boolean {
  if (user === undefined) return false;
  return user.effectiveRoles.some(({ role }) => names.has(role.name) && holdsIn(role, place));
}

/** A role for a whole bucket holds in each of its scopes, and so on. */
function holdsIn({ bucket, scope, collection }: Role, place: RolePlace | undefined): boolean {
  if (place === undefined || bucket === undefined) return true;
  if (bucket !== '*' && bucket !== place.bucket) return false;
  if (scope !== undefined && scope !== place.scope) return false;
  return collection === undefined || collection === place.collection;
}

import { Privilege, SCOPED } from '../../auth/privilege.js';
import { holdsRole, type RolePlace } from '../../auth/role-check.js';
import type { User } from '../../auth/user.js';
import type { ServiceBucket } from '../../http/hosts.js';
import type { CollectionEntry, ScopeEntry } from '../../store/manifest.js';
import type { SystemView } from './system-keyspace.js';

/** Roles that see all of the system catalog. */
const CATALOG_ROLES: ReadonlySet<string> = new Set(['admin', 'ro_admin', 'cluster_admin', 'query_system_catalog']);

/** Roles that see who the users are. */
const USERS_ROLES: ReadonlySet<string> = new Set([
  'admin',
  'ro_admin',
  'security_admin',
  'security_admin_local',
  'security_admin_external',
  'ro_security_admin',
  'user_admin_local',
  'user_admin_external',
]);

/** Returns whether a user may look at what concerns the whole system. */
export function seesCatalog(user: User | undefined): boolean {
  return holdsRole(user, CATALOG_ROLES);
}

/** Returns whether a user may look at all users and their roles. */
export function seesUsers(user: User | undefined): boolean {
  return holdsRole(user, USERS_ROLES);
}

/** Returns whether a user may read a bucket, a scope or a collection as a whole, so that it is shown to them. */
export function canRead(user: User | undefined, place: RolePlace): boolean {
  if (user === undefined) return false;
  const { bucket, scope, collection = '' } = place;
  const held = user.privileges(bucket) & ~SCOPED;
  const scoped = scope === undefined ? 0 : user.scopedPrivileges({ bucket, scope, collection });
  return ((held | scoped) & Privilege.QuerySelect) !== 0 || seesCatalog(user);
}

/** The buckets, by their names in the order of their creation. */
export function bucketsOf({ cluster }: SystemView): ServiceBucket[] {
  return cluster.bucketNames.flatMap((name) => cluster.findBucket(name) ?? []);
}

/** A collection with what it is in. */
export interface CollectionPlace {
  readonly bucket: ServiceBucket;
  readonly scope: ScopeEntry;
  readonly collection: CollectionEntry;
}

/** All collections. */
export function* collectionsOf(view: SystemView): Generator<CollectionPlace> {
  for (const bucket of bucketsOf(view)) {
    for (const scope of bucket.manifest.scopes) {
      for (const collection of scope.collections) yield { bucket, scope, collection };
    }
  }
}

/** All collections that the user may read. */
export function* readableCollections(view: SystemView): Generator<CollectionPlace> {
  for (const place of collectionsOf(view)) {
    const { bucket, scope, collection } = place;
    if (canRead(view.user, { bucket: bucket.name, scope: scope.name, collection: collection.name })) yield place;
  }
}

import type { ObjectValue } from '@cb/sqlpp';
import { holdsRole } from '../../auth/role-check.js';
import type { StoredIndex } from '../indexes/stored-index.js';
import { datastoreId } from './identity.js';
import type { SystemKeyspaceSpec, SystemRow, SystemView } from './system-keyspace.js';
import { type CollectionPlace, canRead, collectionsOf } from './visible.js';

const NAMESPACE = 'default';
const DEFAULT = '_default';

const NANOS_PER_MS = 1e6;

/** Roles that see indexes without seeing documents. */
const INDEX_ROLES: ReadonlySet<string> = new Set(['query_manage_index', 'query_list_index']);

/** Indexes of keyspaces that the user may read or manage indexes of. */
export const indexes: SystemKeyspaceSpec = { rows: (view) => rowsOf(view, (name) => !name.startsWith('_')) };

/** The same with the collections of the system. */
export const allIndexes: SystemKeyspaceSpec = { rows: (view) => rowsOf(view, () => true) };

function* rowsOf(view: SystemView, isWanted: (collection: string) => boolean): Generator<SystemRow> {
  for (const place of collectionsOf(view)) {
    if (!isDefault(place) && !isWanted(place.collection.name)) continue;
    const found = view.cluster.findBucket(place.bucket.name)?.indexes.find(place.collection.id)?.all ?? [];
    if (found.length === 0 || !isVisible(view, place)) continue;
    for (const index of found) yield rowOf(view, place, index);
  }
}

function isVisible({ user }: SystemView, { bucket, scope, collection }: CollectionPlace): boolean {
  const place = { bucket: bucket.name, scope: scope.name, collection: collection.name };
  return canRead(user, place) || holdsRole(user, INDEX_ROLES, place);
}

function isDefault({ scope, collection }: CollectionPlace): boolean {
  return scope.name === DEFAULT && collection.name === DEFAULT;
}

/** The keyspace of a bucket's default collection goes by the name of the bucket. */
function rowOf(view: SystemView, place: CollectionPlace, index: StoredIndex): SystemRow {
  const { bucket, scope, collection } = place;
  const isBucket = isDefault(place);
  const { name, isPrimary, keys, condition, partition } = index.definition;
  const path = isBucket ? bucket.name : `${bucket.name}/${scope.name}/${collection.name}`;
  const document = {
    ...(!isBucket && { bucket_id: bucket.name }),
    ...(condition !== undefined && { condition: condition.text }),
    datastore_id: datastoreId(view),
    id: index.id,
    index_key: keys.map(({ text }) => text),
    ...(isPrimary && { is_primary: true }),
    keyspace_id: isBucket ? bucket.name : collection.name,
    metadata: metadataOf(index),
    name,
    namespace: NAMESPACE,
    namespace_id: NAMESPACE,
    ...(partition.length > 0 && { partition: `HASH(${partition.join()})` }),
    ...(!isBucket && { scope_id: scope.name }),
    state: index.state,
    using: 'gsi',
  };
  return { id: `${NAMESPACE}/${path}/${index.id}`, document };
}

function metadataOf({ lastScanMs, replicas }: StoredIndex): ObjectValue {
  return {
    last_scan_time: lastScanMs === undefined ? null : new Date(lastScanMs).toISOString(),
    num_replica: replicas,
    stats: { last_known_scan_time: Math.round(lastScanMs ?? 0) * NANOS_PER_MS },
  };
}

import type { ObjectValue } from '@cb/sqlpp';
import type { ServiceBucket } from '../../http/hosts.js';
import type { ScopeEntry } from '../../store/manifest.js';
import { datastoreId } from './identity.js';
import type { SystemKeyspaceSpec, SystemRow, SystemView } from './system-keyspace.js';
import { bucketsOf, type CollectionPlace, canRead, readableCollections } from './visible.js';

const NAMESPACE = 'default';

/** What all rows about a part of the namespace have. */
function head(view: SystemView): ObjectValue {
  return { datastore_id: datastoreId(view), namespace: NAMESPACE, namespace_id: NAMESPACE };
}

/** Buckets that the user may read. */
export const buckets: SystemKeyspaceSpec = {
  *rows(view) {
    for (const { name, uuid } of bucketsOf(view)) {
      if (!canRead(view.user, { bucket: name })) continue;
      yield { id: `${NAMESPACE}/${name}`, document: { ...head(view), name, path: `${NAMESPACE}:${name}`, uuid } };
    }
  },
};

/** Scopes that the user may read, or of which they may read a collection; those of the system are in `all_scopes` only. */
export const scopes: SystemKeyspaceSpec = { rows: (view) => scopeRows(view, (name) => !isOfSystem(name)) };

/** All scopes that the user may read, or of which they may read a collection. */
export const allScopes: SystemKeyspaceSpec = { rows: (view) => scopeRows(view, () => true) };

/** Keyspaces that the user may read: buckets, as names of their default collections, and collections. */
export const keyspaces: SystemKeyspaceSpec = {
  rows: (view) =>
    keyspaceRows(
      view,
      (name) => !isOfSystem(name),
      () => ({}),
    ),
};

/** Keyspaces that the user may read, with the collections of the system. */
export const allKeyspaces: SystemKeyspaceSpec = {
  rows: (view) =>
    keyspaceRows(
      view,
      () => true,
      () => ({}),
    ),
};

/** Keyspaces that the user may read, with the number and the size of their documents. */
export const keyspacesInfo: SystemKeyspaceSpec = {
  rows: (view) => keyspaceRows(view, (name) => !isOfSystem(name), figuresOf),
};

/** The same with the collections of the system. */
export const allKeyspacesInfo: SystemKeyspaceSpec = {
  rows: (view) => keyspaceRows(view, () => true, figuresOf),
};

/** The system's own scopes and collections. */
function isOfSystem(name: string): boolean {
  return name.startsWith('_');
}

type IsWanted = (name: string) => boolean;

function* scopeRows(view: SystemView, isWanted: IsWanted): Generator<SystemRow> {
  for (const bucket of bucketsOf(view)) {
    for (const scope of bucket.manifest.scopes) {
      if (!isWanted(scope.name) || !seesScope(view, bucket, scope)) continue;
      yield scopeRow(view, bucket, scope.name);
    }
  }
}

function seesScope({ user }: SystemView, bucket: ServiceBucket, scope: ScopeEntry): boolean {
  const place = { bucket: bucket.name, scope: scope.name };
  return canRead(user, place) || scope.collections.some(({ name }) => canRead(user, { ...place, collection: name }));
}

function scopeRow(view: SystemView, bucket: ServiceBucket, name: string): SystemRow {
  const document = {
    ...head(view),
    bucket: bucket.name,
    bucket_uuid: bucket.uuid,
    name,
    path: `${NAMESPACE}:${bucket.name}.${name}`,
  };
  return { id: `${NAMESPACE}/${bucket.name}/${name}`, document };
}

/** Figures of a collection. */
type Figures = (bucket: ServiceBucket, collection: number) => ObjectValue;

function* keyspaceRows(view: SystemView, isWanted: IsWanted, figures: Figures): Generator<SystemRow> {
  for (const bucket of bucketsOf(view)) {
    const place = { bucket: bucket.name, scope: '_default', collection: '_default' };
    if (canRead(view.user, place)) yield bucketRow(view, bucket, figures);
  }
  for (const place of readableCollections(view)) {
    if (isWanted(place.collection.name)) yield collectionRow(view, place, figures);
  }
}

function bucketRow(view: SystemView, bucket: ServiceBucket, figures: Figures): SystemRow {
  const { name, uuid } = bucket;
  const path = `${NAMESPACE}:${name}`;
  const document = { ...head(view), id: name, name, path, bucket_uuid: uuid, ...figures(bucket, 0) };
  return { id: `${NAMESPACE}/${name}`, document };
}

function collectionRow(view: SystemView, { bucket, scope, collection }: CollectionPlace, figures: Figures): SystemRow {
  const { name, maxTtl } = collection;
  const document = {
    ...head(view),
    bucket: bucket.name,
    bucket_uuid: bucket.uuid,
    id: name,
    ...(maxTtl !== 0 && { maxTTL: maxTtl }),
    name,
    path: `${NAMESPACE}:${bucket.name}.${scope.name}.${name}`,
    scope: scope.name,
    ...figures(bucket, collection.id),
  };
  return { id: `${NAMESPACE}/${bucket.name}/${scope.name}/${name}`, document };
}

/** Documents of a collection and their bytes, active copies only. */
function figuresOf(bucket: ServiceBucket, collection: number): ObjectValue {
  let count = 0;
  let size = 0;
  for (const [id, [active = -1]] of bucket.vbucketMap.entries()) {
    for (const document of bucket.parts[active]?.vbuckets[id]?.documents(collection) ?? []) {
      if (document.deleted) continue;
      count++;
      size += document.key.length + document.value.length;
    }
  }
  return { count, size };
}

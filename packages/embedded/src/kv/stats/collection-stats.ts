import { Status } from '@cb/protocol';
import type { Bucket } from '../../store/bucket.js';
import { type CollectionEntry, entries, type ScopeEntry } from '../../store/manifest.js';
import type { Stat, StatGroup } from './stat-group.js';

interface Placed {
  readonly scope: ScopeEntry;
  readonly collection: CollectionEntry;
}

/** `collections [scope.collection]`: first the manifest, then what is in each. */
export const collections: StatGroup = ({ bucket }, [path]) => {
  const all = [...entries(bucket.manifest)];
  const wanted = path === undefined ? all : all.filter((one) => pathOf(one) === path);
  if (wanted.length === 0) return Status.UnknownCollection;
  const manifest: Stat[] = scopesInOrder(bucket).flatMap((scope) =>
    scope.collections.flatMap((collection): Stat[] => {
      const prefix = idOf({ scope, collection });
      const history: Stat = [`${prefix}:history`, collection.history ?? false];
      return [[`${prefix}:name`, collection.name], ...ttlStat(prefix, collection), history];
    }),
  );
  const head: Stat[] = path === undefined ? [['manifest_uid', bucket.manifestUid], ...manifest] : [];
  return [...head, ...wanted.reverse().flatMap((one) => contents(bucket, one))];
};

/** `scopes [scope]`, likewise. */
export const scopes: StatGroup = ({ bucket }, [name]) => {
  const wanted = scopesInOrder(bucket).filter((scope) => name === undefined || scope.name === name);
  if (wanted.length === 0) return Status.UnknownScope;
  const manifest: Stat[] = wanted.flatMap((scope): Stat[] => [
    [`0x${hex(scope.id)}:name`, scope.name],
    [`0x${hex(scope.id)}:collections`, scope.collections.length],
    ...scope.collections.map((collection): Stat => [`${idOf({ scope, collection })}:name`, collection.name]),
  ]);
  const head: Stat[] = name === undefined ? [['manifest_uid', bucket.manifestUid], ...manifest] : [];
  return [...head, ...wanted.flatMap((scope) => scopeContents(bucket, scope))];
};

function ttlStat(prefix: string, { maxTtl }: CollectionEntry): Stat[] {
  return maxTtl === 0 ? [] : [[`${prefix}:maxTTL`, Math.max(0, maxTtl)]];
}

function contents(bucket: Bucket, placed: Placed): Stat[] {
  const { scope, collection } = placed;
  const prefix = idOf(placed);
  const { items, bytes } = count(bucket, collection.id);
  return [
    [`${prefix}:collections_mem_used`, bytes],
    [`${prefix}:items`, items],
    [`${prefix}:data_size`, bytes],
    [`${prefix}:ops_store`, items],
    [`${prefix}:ops_delete`, 0],
    [`${prefix}:ops_get`, 0],
    [`${prefix}:name`, collection.name],
    [`${prefix}:scope_name`, scope.name],
    ...ttlStat(prefix, collection),
  ];
}

function scopeContents(bucket: Bucket, scope: ScopeEntry): Stat[] {
  const counts = scope.collections.map(({ id }) => count(bucket, id));
  const items = counts.reduce((sum, one) => sum + one.items, 0);
  const bytes = counts.reduce((sum, one) => sum + one.bytes, 0);
  const prefix = `0x${hex(scope.id)}`;
  return [
    [`${prefix}:collections_mem_used`, bytes],
    [`${prefix}:items`, items],
    [`${prefix}:data_size`, bytes],
    [`${prefix}:ops_store`, items],
    [`${prefix}:ops_delete`, 0],
    [`${prefix}:ops_get`, 0],
    [`${prefix}:name`, scope.name],
    [`${prefix}:collections`, scope.collections.length],
  ];
}

function count(bucket: Bucket, collection: number): { items: number; bytes: number } {
  let items = 0;
  let bytes = 0;
  for (const vbucket of bucket.vbuckets) {
    if (vbucket?.state !== 'active') continue;
    for (const { deleted, key, value } of vbucket.documents(collection)) {
      if (deleted) continue;
      items++;
      bytes += key.length + value.length;
    }
  }
  return { items, bytes };
}

/** The server lists the scopes that came last first. */
function scopesInOrder({ manifest }: Bucket): ScopeEntry[] {
  return [...manifest.scopes].reverse();
}

function pathOf({ scope, collection }: Placed): string {
  return `${scope.name}.${collection.name}`;
}

function idOf({ scope, collection }: Placed): string {
  return `0x${hex(scope.id)}:0x${hex(collection.id)}`;
}

function hex(id: number): string {
  return id.toString(16);
}

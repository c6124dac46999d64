import type { ObjectValue, SequenceEntry } from '@cb/sqlpp';
import { holdsRole } from '../../auth/role-check.js';
import type { SystemKeyspaceSpec, SystemView } from './system-keyspace.js';
import { bucketsOf, seesCatalog } from './visible.js';

/** Roles that make the sequences of a scope visible. */
const ROLES: ReadonlySet<string> = new Set(['admin', 'query_manage_sequences', 'query_use_sequences']);

/** Sequences that the user may use. */
export const sequences: SystemKeyspaceSpec = {
  *rows(view) {
    const { cluster, engine, user } = view;
    for (const bucket of bucketsOf(view)) {
      for (const scope of bucket.manifest.scopes) {
        if (!holdsRole(user, ROLES, { bucket: bucket.name, scope: scope.name }) && !seesCatalog(user)) continue;
        for (const entry of cluster.queries.definitions(engine, bucket, scope).sequences.entries()) {
          const { name } = entry;
          const id = `${name.namespace}:${name.bucket}.${name.scope}.${name.name}`;
          yield { id, document: documentOf(entry, view) };
        }
      }
    }
  },
};

function documentOf({ name, state }: SequenceEntry, { cluster, engine }: SystemView): ObjectValue {
  const { fromInteger } = engine;
  const { current, nextBlock, increment, min, max, cache, cycle } = state;
  const value = current === undefined ? null : fromInteger(current);
  return {
    bucket: name.bucket,
    cache: fromInteger(cache),
    cycle,
    increment: fromInteger(increment),
    max: fromInteger(max),
    min: fromInteger(min),
    name: name.name,
    namespace: name.namespace,
    namespace_id: name.namespace,
    path: `\`${name.namespace}\`:\`${name.bucket}\`.\`${name.scope}\`.\`${name.name}\``,
    scope_id: name.scope,
    value: { [cluster.uuid]: value, '~next_block': fromInteger(nextBlock) },
  };
}

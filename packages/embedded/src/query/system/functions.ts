import type { FunctionDefinition, ObjectValue } from '@cb/sqlpp';
import { holdsRole, type RolePlace } from '../../auth/role-check.js';
import type { SystemKeyspaceSpec, SystemRow, SystemView } from './system-keyspace.js';
import { bucketsOf, seesCatalog } from './visible.js';

/** Roles that make functions visible that are not of a scope. */
const GLOBAL_ROLES: ReadonlySet<string> = new Set([
  'admin',
  'query_manage_global_functions',
  'query_manage_global_external_functions',
]);

/** Roles that make the functions of a scope visible. */
const SCOPE_ROLES: ReadonlySet<string> = new Set([
  'admin',
  'query_manage_functions',
  'query_manage_external_functions',
]);

/** Functions of users that the user may define. */
export const functions: SystemKeyspaceSpec = {
  *rows(view) {
    const { cluster, engine } = view;
    if (sees(view, GLOBAL_ROLES)) yield* rowsOf(cluster.queries.globalFunctions(engine).definitions());
    for (const bucket of bucketsOf(view)) {
      for (const scope of bucket.manifest.scopes) {
        if (!sees(view, SCOPE_ROLES, { bucket: bucket.name, scope: scope.name })) continue;
        yield* rowsOf(cluster.queries.definitions(engine, bucket, scope).functions.definitions());
      }
    }
  },
};

function sees({ user }: SystemView, roles: ReadonlySet<string>, place?: RolePlace): boolean {
  return holdsRole(user, roles, place) || seesCatalog(user);
}

function* rowsOf(definitions: Iterable<FunctionDefinition>): Generator<SystemRow> {
  for (const definition of definitions) {
    const { namespace, bucket, scope, name } = definition.name;
    const isGlobal = bucket === undefined || scope === undefined;
    const id = isGlobal ? `${namespace}:${name}` : `${namespace}:${bucket}.${scope}.${name}`;
    const identity: ObjectValue = isGlobal
      ? { name, namespace, type: 'global' }
      : { bucket, name, namespace, scope, type: 'scope' };
    yield { id, document: { definition: bodyOf(definition), identity } };
  }
}

function bodyOf({ parameters, body }: FunctionDefinition): ObjectValue {
  const shown = parameters !== undefined && { parameters };
  if (body.language === 'inline') {
    return { '#language': 'inline', expression: body.expression, ...shown, text: body.text };
  }
  const { code, library } = body;
  const own: ObjectValue = library === undefined ? { text: code } : { library, object: code };
  return { '#language': 'javascript', ...own, ...shown };
}

import type { FunctionDefinition, ObjectValue } from '@cb/sqlpp';
import { holdsRole, type RolePlace } from '../../auth/role-check.js';
import type { SystemKeyspaceSpec, SystemView } from './system-keyspace.js';
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
    for (const definition of visibleDefinitions(view)) {
      const document = { definition: bodyOf(definition), identity: identityOf(definition) };
      yield { id: idOf(definition), document };
    }
  },
};

/** Functions that have been called, with how often that was. */
export const functionsCache: SystemKeyspaceSpec = {
  needs: 'catalog',
  *rows(view) {
    for (const definition of visibleDefinitions(view)) {
      const called = view.cluster.queries.uses.of(definition);
      if (called === undefined) continue;
      const times = { lastUse: new Date(called.lastUseMs).toISOString(), uses: called.uses };
      yield { id: idOf(definition), document: { ...bodyOf(definition), ...identityOf(definition), ...times } };
    }
  },
  remove(view, id) {
    for (const definition of visibleDefinitions(view)) {
      if (idOf(definition) === id) return view.cluster.queries.uses.forget(definition);
    }
    return false;
  },
};

function* visibleDefinitions(view: SystemView): Generator<FunctionDefinition> {
  const { cluster, engine } = view;
  if (sees(view, GLOBAL_ROLES)) yield* cluster.queries.globalFunctions(engine).definitions();
  for (const bucket of bucketsOf(view)) {
    for (const scope of bucket.manifest.scopes) {
      if (!sees(view, SCOPE_ROLES, { bucket: bucket.name, scope: scope.name })) continue;
      yield* cluster.queries.definitions(engine, bucket, scope).functions.definitions();
    }
  }
}

function sees({ user }: SystemView, roles: ReadonlySet<string>, place?: RolePlace): boolean {
  return holdsRole(user, roles, place) || seesCatalog(user);
}

function idOf({ name: { namespace, bucket, scope, name } }: FunctionDefinition): string {
  return scope === undefined ? `${namespace}:${name}` : `${namespace}:${bucket}.${scope}.${name}`;
}

function identityOf({ name: { namespace, bucket, scope, name } }: FunctionDefinition): ObjectValue {
  if (bucket === undefined || scope === undefined) return { name, namespace, type: 'global' };
  return { bucket, name, namespace, scope, type: 'scope' };
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

import { holdsRole, type RolePlace } from '../auth/role-check.js';
import { type HttpCall, HttpRefusal } from '../http/http-call.js';
import type { Route } from '../http/router.js';
import type { Library } from './libraries.js';
import type { QueryHost } from './query-host.js';

const GLOBAL_ROLES: ReadonlySet<string> = new Set(['admin', 'query_manage_global_external_functions']);

const SCOPE_ROLES: ReadonlySet<string> = new Set(['admin', 'query_manage_external_functions']);

const DONE = { status: 'OK' };

/** Libraries of functions of JavaScript. Source: the server's REST reference, "Functions API". */
export function libraryRoutes({ queries: { libraries } }: QueryHost): Route[] {
  const path = '/evaluator/v1/libraries';
  const one = `${path}/:library`;
  return [
    {
      method: 'GET',
      path,
      handler: (call) =>
        call.json(
          200,
          libraries.all().filter((library) => mayManage(call, library)),
        ),
    },
    { method: 'GET', path: one, handler: (call) => call.json(200, found(libraries.find(placeOf(call)))) },
    {
      method: 'POST',
      path: one,
      handler: async (call) => {
        libraries.put({ ...placeOf(call), code: (await call.body()).toString('utf8') });
        call.json(200, DONE);
      },
    },
    {
      method: 'DELETE',
      path: one,
      handler: (call) => {
        if (!libraries.remove(placeOf(call))) found(undefined);
        call.json(200, DONE);
      },
    },
  ];
}

function found(library: Library | undefined): Library {
  if (library === undefined) throw new HttpRefusal(404, { status: 'Library not found' });
  return library;
}

/** @throws HttpRefusal 403 if the user may not define functions there */
function placeOf(call: HttpCall): Omit<Library, 'code'> {
  const place = {
    name: call.params['library'] ?? '',
    bucket: call.query.get('bucket') ?? '',
    scope: call.query.get('scope') ?? '',
  };
  if (mayManage(call, place)) return place;
  throw new HttpRefusal(403, { message: 'Forbidden. User needs other permissions for this', permissions: [] });
}

function mayManage({ user }: HttpCall, { bucket, scope }: Omit<Library, 'code'>): boolean {
  const place: RolePlace | undefined = scope === '' ? undefined : { bucket, scope };
  return holdsRole(user, place === undefined ? GLOBAL_ROLES : SCOPE_ROLES, place);
}

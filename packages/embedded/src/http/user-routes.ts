import { ArgumentError } from '@cb/protocol';
import { ROLE_NAMES, type Role, takesBucket } from '../auth/role.js';
import type { User } from '../auth/user.js';
import type { EmbeddedCluster } from '../cluster.js';
import { demandSecurityManagement } from './access.js';
import { type HttpCall, HttpRefusal } from './http-call.js';
import type { Route } from './router.js';

/** Users and roles. Source: the server's REST reference, "Role-Based Access Control API". */
export function userRoutes(cluster: EmbeddedCluster): Route[] {
  const path = '/settings/rbac/users';
  return [
    { method: 'GET', path: '/whoami', handler: (call) => call.json(200, userDocument(call.user!)) },
    { method: 'GET', path, handler: (call) => list(call, cluster) },
    { method: 'GET', path: `${path}/local`, handler: (call) => list(call, cluster) },
    { method: 'GET', path: `${path}/local/:user`, handler: (call) => show(call, cluster) },
    { method: 'PUT', path: `${path}/local/:user`, handler: (call) => put(call, cluster) },
    { method: 'DELETE', path: `${path}/local/:user`, handler: (call) => remove(call, cluster) },
    { method: 'GET', path: '/settings/rbac/roles', handler: listRoles },
    { method: 'GET', path: '/settings/rbac/groups', handler: (call) => call.json(200, []) },
    { method: 'POST', path: '/controller/changePassword', handler: (call) => changePassword(call, cluster) },
  ];
}

function list(call: HttpCall, cluster: EmbeddedCluster): void {
  demandSecurityManagement(call);
  call.json(200, [...cluster.users.all()].map(userDocument));
}

function show(call: HttpCall, cluster: EmbeddedCluster): void {
  demandSecurityManagement(call);
  call.json(200, userDocument(found(call, cluster)));
}

async function put(call: HttpCall, cluster: EmbeddedCluster): Promise<void> {
  demandSecurityManagement(call);
  const name = call.params['user']!;
  const form = await call.form();
  const roles = splitRoles(form.get('roles') ?? '');
  try {
    cluster.users.put(name, {
      roles,
      displayName: form.get('name') ?? '',
      password: form.get('password') ?? undefined,
    });
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    throw new HttpRefusal(400, { errors: { roles: error.message } });
  }
  call.text(200, '');
}

function remove(call: HttpCall, cluster: EmbeddedCluster): void {
  demandSecurityManagement(call);
  const user = found(call, cluster);
  cluster.users.delete(user.name);
  call.text(200, '');
}

function listRoles(call: HttpCall): void {
  call.json(
    200,
    ROLE_NAMES.map((role) => ({ role, name: role, desc: '', ...(takesBucket(role) ? { bucket_name: '*' } : {}) })),
  );
}

async function changePassword(call: HttpCall, cluster: EmbeddedCluster): Promise<void> {
  const password = (await call.form()).get('password') ?? '';
  if (password === '') throw new HttpRefusal(400, { errors: { password: 'The password must not be empty' } });
  const { name, displayName, roleNames } = call.user!;
  cluster.users.put(name, { roles: roleNames, displayName, password });
  call.text(200, '');
}

function found(call: HttpCall, cluster: EmbeddedCluster): User {
  const user = cluster.users.get(call.params['user']!);
  if (user === undefined) throw new HttpRefusal(404, 'Unknown user.');
  return user;
}

/** Roles are separated by commas; those in brackets are part of a role. */
function splitRoles(text: string): string[] {
  return text.split(/,(?![^[]*\])/).filter((role) => role.trim() !== '');
}

function userDocument(user: User): object {
  return {
    id: user.name,
    domain: 'local',
    name: user.displayName,
    roles: user.roles.map(roleDocument),
    groups: [],
    external_groups: [],
  };
}

function roleDocument({ name, bucket, scope = '*', collection = '*' }: Role): object {
  const where = bucket === undefined ? {} : { bucket_name: bucket, scope_name: scope, collection_name: collection };
  return { role: name, ...where, origins: [{ type: 'user' }] };
}

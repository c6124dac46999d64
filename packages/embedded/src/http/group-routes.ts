import type { Group } from '../auth/groups.js';
import { demandSecurityManagement } from './access.js';
import type { ServiceHost } from './hosts.js';
import { type HttpCall, HttpRefusal } from './http-call.js';
import { namesOfRoles, roleDocument } from './role-documents.js';
import type { Route } from './router.js';

/** Groups of users. Source: the server's REST reference, "Role-Based Access Control API", and ns_server's menelaus_web_rbac. */
export function groupRoutes(cluster: ServiceHost): Route[] {
  const path = '/settings/rbac/groups';
  const one = `${path}/:group`;
  return [
    { method: 'GET', path, handler: (call) => list(call, cluster) },
    { method: 'GET', path: one, handler: (call) => show(call, cluster) },
    { method: 'PUT', path: one, handler: (call) => put(call, cluster) },
    { method: 'DELETE', path: one, handler: (call) => remove(call, cluster) },
  ];
}

function list(call: HttpCall, cluster: ServiceHost): void {
  demandSecurityManagement(call);
  call.json(200, [...cluster.users.groups.all()].map(groupDocument));
}

function show(call: HttpCall, cluster: ServiceHost): void {
  demandSecurityManagement(call);
  const group = cluster.users.groups.get(call.params['group']!);
  if (group === undefined) throw new HttpRefusal(404, 'Unknown group.');
  call.json(200, groupDocument(group));
}

async function put(call: HttpCall, cluster: ServiceHost): Promise<void> {
  demandSecurityManagement(call);
  const form = await call.form();
  cluster.users.groups.set(call.params['group']!, {
    roles: namesOfRoles(form.get('roles'), cluster),
    description: form.get('description') ?? undefined,
    ldapGroup: form.get('ldap_group_ref') ?? undefined,
  });
  call.text(200, '');
}

function remove(call: HttpCall, cluster: ServiceHost): void {
  demandSecurityManagement(call);
  if (!cluster.users.groups.delete(call.params['group']!)) throw new HttpRefusal(404, 'Group was not found.');
  call.text(200, '');
}

function groupDocument({ name, roles, description, ldapGroup }: Group): object {
  return {
    id: name,
    roles: roles.map(roleDocument),
    ...(ldapGroup !== undefined && { ldap_group_ref: ldapGroup }),
    ...(description !== undefined && { description }),
  };
}

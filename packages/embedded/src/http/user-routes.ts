import { ROLE_NAMES, roleParameters } from '../auth/role.js';
import type { User, UserDomain } from '../auth/user.js';
import { demandSecurityManagement } from './access.js';
import type { ServiceHost } from './hosts.js';
import { type HttpCall, HttpRefusal } from './http-call.js';
import { commaSeparated, namesOfRoles, refuseFields, roleDocument } from './role-documents.js';
import type { Route } from './router.js';

type ListedDomain = Exclude<UserDomain, 'admin'>;

/** Users and roles. Source: the server's REST reference, "Role-Based Access Control API", and ns_server's menelaus_web_rbac. */
export function userRoutes(cluster: ServiceHost): Route[] {
  const path = '/settings/rbac/users';
  const one = `${path}/:domain/:user`;
  return [
    { method: 'GET', path: '/whoami', handler: (call) => call.json(200, whoami(call.user!)) },
    { method: 'GET', path, handler: (call) => list(call, cluster, ['local', 'external']) },
    { method: 'GET', path: `${path}/:domain`, handler: (call) => list(call, cluster, [domainOf(call)]) },
    { method: 'GET', path: one, handler: (call) => show(call, cluster) },
    { method: 'PUT', path: one, handler: (call) => put(call, cluster) },
    { method: 'DELETE', path: one, handler: (call) => remove(call, cluster) },
    { method: 'GET', path: '/settings/rbac/roles', handler: listRoles },
    { method: 'POST', path: '/controller/changePassword', handler: (call) => changePassword(call, cluster) },
  ];
}

function domainOf(call: HttpCall): ListedDomain {
  const domain = call.params['domain']!;
  if (domain === 'local' || domain === 'external') return domain;
  throw new HttpRefusal(404, 'Unknown user domain.');
}

function list(call: HttpCall, cluster: ServiceHost, domains: readonly ListedDomain[]): void {
  demandSecurityManagement(call);
  const users = domains.flatMap((domain) => cluster.users.all(domain));
  call.json(200, users.map(userDocument));
}

function show(call: HttpCall, cluster: ServiceHost): void {
  demandSecurityManagement(call);
  const user = cluster.users.find(domainOf(call), call.params['user']!);
  if (user === undefined) throw new HttpRefusal(404, 'Unknown user.');
  call.json(200, userDocument(user));
}

async function put(call: HttpCall, cluster: ServiceHost): Promise<void> {
  demandSecurityManagement(call);
  const domain = domainOf(call);
  const name = call.params['user']!;
  const form = await call.form();
  const password = form.get('password') ?? undefined;
  refuseFields(putErrors(cluster, domain, name, form));
  const profile = {
    roles: namesOfRoles(form.get('roles'), cluster),
    groups: commaSeparated(form.get('groups')),
    displayName: form.get('name') ?? '',
  };
  cluster.users.put(domain, name, profile, password);
  call.text(200, '');
}

function putErrors(
  cluster: ServiceHost,
  domain: ListedDomain,
  name: string,
  form: URLSearchParams,
): Record<string, string> {
  const { users } = cluster;
  const errors: Record<string, string> = {};
  if (domain === 'external' && form.has('password'))
    errors['password'] = 'Password is not supported for external users.';
  if (domain === 'local' && form.get('password') === '') errors['password'] = 'The password must not be empty.';
  if (domain === 'local' && !form.has('password') && users.find(domain, name) === undefined) {
    errors['password'] = 'Password is required for new user.';
  }
  if (domain === 'local' && users.find('admin', name) !== undefined) {
    errors['_'] = `${name} is the built-in administrator, whose password alone can be changed.`;
  }
  const unknown = commaSeparated(form.get('groups')).filter((group) => users.groups.get(group) === undefined);
  if (unknown.length > 0) errors['groups'] = `Groups do not exist: ${unknown.join(',')}`;
  return errors;
}

function remove(call: HttpCall, cluster: ServiceHost): void {
  demandSecurityManagement(call);
  if (!cluster.users.delete(domainOf(call), call.params['user']!)) throw new HttpRefusal(404, 'User was not found.');
  call.text(200, '');
}

function listRoles(call: HttpCall): void {
  const roles = ROLE_NAMES.map((role) => ({
    role,
    ...roleParameters({ name: role, bucket: '*' }),
    name: role,
    desc: '',
  }));
  call.json(200, roles);
}

async function changePassword(call: HttpCall, cluster: ServiceHost): Promise<void> {
  const password = (await call.form()).get('password') ?? '';
  if (password === '') throw new HttpRefusal(400, { errors: { password: 'The password must not be empty' } });
  cluster.users.changePassword(call.user!, password);
  call.text(200, '');
}

function userDocument(user: User): object {
  const { password } = user;
  const changed = password && { password_change_date: new Date(password.changedAt).toISOString() };
  return {
    id: user.name,
    domain: user.domain,
    name: user.profile.displayName ?? '',
    roles: user.effectiveRoles.map(({ role, origins }) => ({ ...roleDocument(role), origins })),
    groups: user.groups,
    external_groups: [],
    ...changed,
  };
}

/** The same without the origins of roles. */
function whoami(user: User): object {
  return { ...userDocument(user), roles: user.effectiveRoles.map(({ role }) => roleDocument(role)) };
}

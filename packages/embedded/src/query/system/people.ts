import type { ObjectValue } from '@cb/sqlpp';
import { type Role, roleParameters } from '../../auth/role.js';
import type { User } from '../../auth/user.js';
import type { SystemKeyspaceSpec, SystemRow, SystemView } from './system-keyspace.js';

/** All users, for those that may see them. */
export const userInfo: SystemKeyspaceSpec = {
  needs: 'users',
  rows: (view) => usersOf(view).map(userRow),
};

/** The user of the request. */
export const myUserInfo: SystemKeyspaceSpec = {
  rows: ({ user }) => (user === undefined ? [] : [userRow(user)]),
};

/** Each role of each user. */
export const applicableRoles: SystemKeyspaceSpec = {
  needs: 'users',
  *rows(view) {
    let number = 0;
    for (const user of usersOf(view)) {
      for (const { role } of user.effectiveRoles) {
        yield { id: `${number++}`, document: { grantee: granteeOf(user), ...roleFields(role) } };
      }
    }
  },
};

function usersOf({ cluster: { users } }: SystemView): User[] {
  return [...users.all('admin'), ...users.all('local'), ...users.all('external')];
}

function granteeOf({ domain, name }: User): string {
  if (domain === 'local') return name;
  return domain === 'admin' ? `ns_server:${name}` : `${domain}:${name}`;
}

function userRow(user: User): SystemRow {
  const document = user.domain === 'admin' ? administrator(user) : definedUser(user);
  return { id: `${user.domain}:${user.name}`, document };
}

/** The administrator is one of the cluster manager. */
function administrator({ name }: User): ObjectValue {
  return { domain: 'ns_server', id: name, name, roles: [{ role: 'admin' }] };
}

function definedUser(user: User): ObjectValue {
  const { password } = user;
  return {
    domain: user.domain,
    external_groups: [],
    groups: user.groups,
    id: user.name,
    name: user.profile.displayName ?? '',
    ...(password && { password_change_date: new Date(password.changedAt).toISOString() }),
    roles: user.effectiveRoles.map(({ role, origins }) => ({
      origins: origins.map((origin) => ({ ...origin })),
      role: role.name,
      ...roleParameters(role),
    })),
  };
}

function roleFields(role: Role): ObjectValue {
  const { bucket_name, scope_name, collection_name } = roleParameters(role);
  return {
    role: role.name,
    ...(bucket_name !== undefined && { bucket_name }),
    ...(scope_name !== undefined && scope_name !== '*' && { scope_name }),
    ...(collection_name !== undefined && collection_name !== '*' && { collection_name }),
  };
}

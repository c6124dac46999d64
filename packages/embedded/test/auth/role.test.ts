import { ArgumentError } from '@cb/protocol';
import { ALL_PRIVILEGES, KV_PRIVILEGES, Privilege, SCOPED } from '../../src/auth/privilege.js';
import {
  formatRole,
  parseRole,
  privilegesOf,
  ROLE_NAMES,
  type Role,
  roleParameters,
  scopedPrivilegesOf,
} from '../../src/auth/role.js';

test.each(['admin', 'data_reader[default]', 'data_writer[*]'])('%s is read and written', (text) => {
  expect(formatRole(parseRole(text))).toBe(text);
});

test('a role for a scope or a collection counts there alone', () => {
  const inCollection = parseRole('data_reader[b:s:c]');
  const inScope = parseRole('data_reader[b:s:*]');
  expect([formatRole(inCollection), formatRole(inScope)]).toEqual(['data_reader[b:s:c]', 'data_reader[b:s]']);
  expect(parseRole('data_reader[b:*:*]')).toEqual({ name: 'data_reader', bucket: 'b' });
  const may = (role: Role, collection: string, scope = 's', bucket = 'b'): boolean =>
    (scopedPrivilegesOf(role, { bucket, scope, collection }) & Privilege.Read) !== 0;
  expect([may(inCollection, 'c'), may(inCollection, 'd'), may(inCollection, 'c', 't')]).toEqual([true, false, false]);
  expect([may(inScope, 'd'), may(inScope, 'c', 't'), may(inScope, 'c', 's', 'x')]).toEqual([true, false, false]);
  expect([privilegesOf(inScope, 'b'), privilegesOf(inScope, 'x')]).toEqual([SCOPED, 0]);
  expect(may(parseRole('data_reader[b]'), 'c')).toBe(false);
});

test.each([
  ...['king', 'admin[default]', 'data_reader', 'data_reader[]', 'toString', ''],
  ...['data_reader[b:]', 'data_reader[b:s:c:d]', 'data_reader[b:*:c]', 'bucket_full_access[b:s]'],
  ...['scope_admin[b:s:c]', 'scope_admin', 'analytics_reader[b]', 'fts_searcher[b::c]'],
])('%j is refused', (text) => {
  expect(() => parseRole(text)).toThrow(ArgumentError);
});

test('an admin may do everything, everywhere', () => {
  const admin = parseRole('admin');
  expect(privilegesOf(admin, 'any')).toBe(ALL_PRIVILEGES);
  expect(privilegesOf(admin, undefined)).toBe(ALL_PRIVILEGES);
});

test('a reader may read, in his bucket only', () => {
  const reader = parseRole('data_reader[b]');
  expect(privilegesOf(reader, 'b') & Privilege.Read).toBeTruthy();
  expect(privilegesOf(reader, 'b') & Privilege.Upsert).toBe(0);
  expect(privilegesOf(reader, 'other')).toBe(0);
  expect(privilegesOf(reader, undefined)).toBe(0);
  expect(privilegesOf(parseRole('data_reader[*]'), 'other') & Privilege.Read).toBeTruthy();
});

test('every role can be written the way it is listed', () => {
  for (const name of ROLE_NAMES) {
    const { bucket_name: bucket } = roleParameters({ name, bucket: '*' });
    expect(() => parseRole(bucket === undefined ? name : `${name}[*]`)).not.toThrow();
  }
});

test('a role is told with as many parts of its place as its kind has', () => {
  expect(roleParameters(parseRole('eventing_admin'))).toEqual({});
  expect(roleParameters(parseRole('mobile_sync_gateway[b]'))).toEqual({ bucket_name: 'b' });
  expect(roleParameters(parseRole('scope_admin[b:s]'))).toEqual({ bucket_name: 'b', scope_name: 's' });
  expect(roleParameters(parseRole('query_select[b:s]'))).toEqual({
    bucket_name: 'b',
    scope_name: 's',
    collection_name: '*',
  });
});

test('roles for queries allow with KV what their statements need', () => {
  const allowed = (name: string): number => privilegesOf(parseRole(`${name}[b]`), 'b') & KV_PRIVILEGES;
  expect(allowed('query_select') & Privilege.Read).toBeTruthy();
  expect(allowed('query_select') & Privilege.Upsert).toBe(0);
  expect(allowed('query_delete') & Privilege.Delete).toBeTruthy();
  expect(allowed('fts_searcher')).toBe(0);
  expect(privilegesOf(parseRole('query_manage_functions[b:s]'), 'b')).toBe(0);
});

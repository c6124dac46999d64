import { ArgumentError } from '@cb/protocol';
import { ALL_PRIVILEGES, Privilege } from '../../src/auth/privilege.js';
import { formatRole, parseRole, privilegesOf, ROLE_NAMES, takesBucket } from '../../src/auth/role.js';

test.each(['admin', 'data_reader[default]', 'data_writer[*]'])('%s is read and written', (text) => {
  expect(formatRole(parseRole(text))).toBe(text);
});

test('scope and collection count for the whole bucket', () => {
  expect(parseRole('data_reader[b:s:c]')).toEqual({ name: 'data_reader', bucket: 'b' });
});

test.each(['king', 'admin[default]', 'data_reader', 'data_reader[]', 'toString', ''])('%j is refused', (text) => {
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
  for (const name of ROLE_NAMES) expect(() => parseRole(takesBucket(name) ? `${name}[*]` : name)).not.toThrow();
});

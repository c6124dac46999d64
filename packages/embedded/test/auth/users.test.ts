import { ArgumentError } from '@cb/protocol';
import { Privilege } from '../../src/auth/privilege.js';
import { Users } from '../../src/auth/users.js';
import { Random } from '../../src/base/random.js';
import { ManualClock } from '../../src/time/manual-clock.js';

const clock = new ManualClock();

function makeUsers(): Users {
  const fallbackSalt = Buffer.from('0123456789abcdef');
  const users = new Users({ iterations: 2, random: new Random(1), fallbackSalt, clock });
  users.set('ada', { password: 'pässwörd', roles: ['data_reader[b]'], privileges: { c: ['Upsert'] } });
  return users;
}

test('a user signs in with his own password', () => {
  const users = makeUsers();
  expect(users.authenticate('ada', 'pässwörd')?.name).toBe('ada');
  expect(users.authenticate('ada', 'password')).toBeUndefined();
  expect(users.authenticate('bob', 'pässwörd')).toBeUndefined();
});

test('roles and single privileges add up', () => {
  const ada = makeUsers().get('ada')!;
  expect(ada.privileges('b') & Privilege.Read).toBeTruthy();
  expect(ada.privileges('c')).toBe(Privilege.Upsert);
  expect(ada.privileges(undefined)).toBe(0);
});

test('a known user has the same credential every time', () => {
  const users = makeUsers();
  const credential = users.credential('SCRAM-SHA256', 'ada');
  expect(credential.iterations).toBe(2);
  expect(users.credential('SCRAM-SHA256', 'ada')).toBe(credential);
});

// The salt of user "ghost" is the one recorded from a 7.2.4 server with this fallback salt.
test('an unknown user has a stable salt that no password fits', () => {
  const credential = makeUsers().credential('SCRAM-SHA1', 'ghost');
  expect(Buffer.from(credential.salt).toString('base64')).toBe('k3/O9pSxajWBHR6PZwyJbkBjB1w=');
  expect(credential.iterations).toBe(4096);
});

test('an administrator changes a user without knowing the password', async () => {
  const users = makeUsers();
  const before = users.get('ada')!.password!.changedAt;
  await clock.advance(1000);
  users.put('local', 'ada', { roles: ['data_writer[b]'], displayName: 'Ada' });
  const ada = users.authenticate('ada', 'pässwörd')!;
  expect(ada.profile).toMatchObject({ roles: ['data_writer[b]'], displayName: 'Ada', privileges: { c: ['Upsert'] } });
  expect(ada.password!.changedAt).toBe(before);
  users.put('local', 'ada', {}, 'new');
  expect(users.authenticate('ada', 'new')!.password!.changedAt).toBe(before + 1000);
});

test('a new user needs a password, and known roles', () => {
  const users = makeUsers();
  expect(() => users.put('local', 'bob', {})).toThrow(/bob needs a password/);
  expect(() => users.put('local', 'bob', { roles: ['king'] }, 'x')).toThrow(/unknown role "king"/);
  expect(() => users.set('', { password: 'x' })).toThrow(ArgumentError);
  expect(() => users.set('bob', { password: 1 as never })).toThrow(/password of the user bob must be a string/);
  expect(() => users.set('bob', { password: 'x', privileges: { b: ['Fly' as 'Read'] } })).toThrow(/privilege "Fly"/);
  expect(users.get('bob')).toBeUndefined();
});

test('a user who is deleted is gone', () => {
  const users = makeUsers();
  expect(users.delete('local', 'ada')).toBe(true);
  expect(users.delete('local', 'ada')).toBe(false);
  expect(users.all('local')).toEqual([]);
});

test('an external user is known next to a local one of the same name, and does not sign in', () => {
  const users = makeUsers();
  users.put('external', 'ada', { roles: ['admin'] });
  users.put('external', 'eve', {});
  expect(users.all('external').map(({ name }) => name)).toEqual(['ada', 'eve']);
  expect(users.get('ada')!.domain).toBe('local');
  expect(users.get('eve')).toBeUndefined();
  expect(users.delete('external', 'ada')).toBe(true);
  expect(users.get('ada')).toBeDefined();
});

test('the built-in administrator is in no list, and nobody deletes it', () => {
  const users = makeUsers();
  users.set('root', { password: 'x', roles: ['admin'] }, 'admin');
  expect(users.all('local').map(({ name }) => name)).toEqual(['ada']);
  expect(users.delete('local', 'root')).toBe(false);
  expect(users.authenticate('root', 'x')?.domain).toBe('admin');
});

test('a group gives its roles to those who are in it, as long as it is there', () => {
  const users = makeUsers();
  users.groups.set('writers', { roles: ['data_writer[b]', 'data_reader[b]'] });
  users.put('local', 'ada', { groups: ['writers', 'missing'] });
  const ada = users.get('ada')!;
  expect(ada.groups).toEqual(['writers']);
  expect(ada.privileges('b') & Privilege.Upsert).toBeTruthy();
  const user = { type: 'user' };
  const group = { type: 'group', name: 'writers' };
  expect(ada.effectiveRoles).toEqual([
    { role: { name: 'data_reader', bucket: 'b' }, origins: [user, group] },
    { role: { name: 'data_writer', bucket: 'b' }, origins: [group] },
  ]);
  users.groups.set('writers', { roles: ['data_writer[c:s]'] });
  expect(ada.scopedPrivileges({ bucket: 'c', scope: 's', collection: 'x' }) & Privilege.Upsert).toBeTruthy();
  users.groups.delete('writers');
  expect([ada.privileges('b') & Privilege.Upsert, ada.groups]).toEqual([0, []]);
});

test('roles for a bucket go with it', () => {
  const users = makeUsers();
  users.groups.set('g', { roles: ['data_writer[b]', 'data_writer[c]', 'ro_admin'] });
  users.put('external', 'eve', { roles: ['data_reader[b:s]', 'data_reader[*]'] });
  users.forgetBucket('b');
  expect(users.get('ada')!.privileges('b')).toBe(0);
  expect(users.authenticate('ada', 'pässwörd')).toBeDefined();
  expect(users.groups.get('g')!.roles.map(({ name, bucket }) => [name, bucket])).toEqual([
    ['data_writer', 'c'],
    ['ro_admin', undefined],
  ]);
  expect(users.find('external', 'eve')!.effectiveRoles.map(({ role }) => role.bucket)).toEqual(['*']);
});

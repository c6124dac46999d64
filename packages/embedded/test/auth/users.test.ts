import { ArgumentError } from '@cb/protocol';
import { Privilege } from '../../src/auth/privilege.js';
import { Users } from '../../src/auth/users.js';
import { Random } from '../../src/random.js';

function makeUsers(): Users {
  const users = new Users({ iterations: 2, random: new Random(1) }, Buffer.from('0123456789abcdef'));
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

test('an administrator changes a user without knowing his password', () => {
  const users = makeUsers();
  users.put('ada', { roles: ['data_writer[b]'], displayName: 'Ada', password: undefined });
  const ada = users.authenticate('ada', 'pässwörd')!;
  expect([ada.roleNames, ada.displayName]).toEqual([['data_writer[b]'], 'Ada']);
  users.put('ada', { roles: [], displayName: '', password: 'new' });
  expect(users.authenticate('ada', 'new')).toBeDefined();
});

test('a new user needs a password, and known roles', () => {
  const users = makeUsers();
  expect(() => users.put('bob', { roles: [], displayName: '', password: undefined })).toThrow(/bob needs a password/);
  expect(() => users.put('bob', { roles: ['king'], displayName: '', password: 'x' })).toThrow(/unknown role "king"/);
  expect(() => users.set('', { password: 'x' })).toThrow(ArgumentError);
  expect(() => users.set('bob', { password: 'x', privileges: { b: ['Fly' as 'Read'] } })).toThrow(/privilege "Fly"/);
  expect(users.get('bob')).toBeUndefined();
});

test('a user who is deleted is gone', () => {
  const users = makeUsers();
  expect(users.delete('ada')).toBe(true);
  expect(users.delete('ada')).toBe(false);
  expect([...users.all()]).toEqual([]);
});

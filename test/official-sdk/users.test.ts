import { EmbeddedCluster } from '@cb/embedded';
import {
  connect,
  DocumentNotFoundError,
  GroupNotFoundError,
  InvalidArgumentError,
  type UserManager,
  UserNotFoundError,
} from 'couchbase';
import { OfficialSdk, rejection } from './official.js';

const EXTERNAL = { domainName: 'external' };
let cluster: EmbeddedCluster;
let official: OfficialSdk;
let users: UserManager;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 2, buckets: { default: { collections: { shop: ['orders'] } } } });
  official = await OfficialSdk.connect(cluster);
  users = official.cluster.users();
});

afterAll(async () => {
  await official[Symbol.asyncDispose]();
  await cluster.stop();
});

test('a user who is made with the user manager signs in, and is gone when dropped', async () => {
  const role = { name: 'data_reader', bucket: 'default', scope: 'shop', collection: 'orders' };
  await users.upsertUser({ username: 'bob', displayName: 'Bob', password: 's3cret!', roles: [role] });
  const user = await users.getUser('bob');
  expect(user).toMatchObject({
    username: 'bob',
    domain: 'local',
    displayName: 'Bob',
    passwordChanged: expect.any(Date),
  });
  expect(user.effectiveRoles).toMatchObject([{ ...role, origins: [{ type: 'user' }] }]);
  const bob = await connect(cluster.connectionString, { username: 'bob', password: 's3cret!' });
  const orders = bob.bucket('default').scope('shop').collection('orders');
  expect(await rejection(orders.get('k'))).toBeInstanceOf(DocumentNotFoundError);
  await bob.close();
  await users.dropUser('bob');
  expect(await rejection(users.getUser('bob'))).toBeInstanceOf(UserNotFoundError);
});

test('only those who were added are listed, by domain', async () => {
  await users.upsertUser({ username: 'eve', password: 'pa55word', roles: ['ro_admin'] });
  await users.upsertUser({ username: 'ann', roles: ['query_select[default]'] }, EXTERNAL);
  expect((await users.getAllUsers()).map(({ username }) => username)).toEqual(['eve']);
  const [ann, ...others] = await users.getAllUsers(EXTERNAL);
  expect(others).toEqual([]);
  expect(ann).toMatchObject({ username: 'ann', domain: 'external', passwordChanged: undefined });
  await users.dropUser('ann', EXTERNAL);
  await users.dropUser('eve');
});

test('groups give their roles to users', async () => {
  const roles = [{ name: 'data_writer', bucket: '*', scope: '*', collection: '*' }];
  await users.upsertGroup({ name: 'writers', description: 'May write', roles });
  expect(await users.getGroup('writers')).toMatchObject({ name: 'writers', description: 'May write', roles });
  await users.upsertUser({ username: 'eve', password: 'pa55word', groups: ['writers'], roles: [] });
  const eve = await users.getUser('eve');
  expect(eve.groups).toEqual(['writers']);
  expect(eve.effectiveRoles).toMatchObject([{ ...roles[0], origins: [{ type: 'group', name: 'writers' }] }]);
  await users.dropGroup('writers');
  expect(await rejection(users.getGroup('writers'))).toBeInstanceOf(GroupNotFoundError);
  expect(await users.getAllGroups()).toEqual([]);
  await users.dropUser('eve');
});

test('roles for what is not there are an invalid argument', async () => {
  for (const role of ['data_reader[missing]', 'data_reader[default:missing]', 'no_such_role']) {
    const user = { username: 'eve', password: 'pa55word', roles: [role] };
    expect(await rejection(users.upsertUser(user))).toBeInstanceOf(InvalidArgumentError);
  }
});

test('the roles of a server are known', async () => {
  const names = (await users.getRoles()).map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['query_manage_index', 'fts_searcher', 'scope_admin', 'analytics_reader']),
  );
});

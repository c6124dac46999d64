import { Feature, Magic, Opcode, Status } from '@cb/protocol';
import { parseManifest } from '../../../src/store/manifest.js';
import { type Conversation, Server, USUAL } from '../conversation.js';

let server: Server;
let client: Conversation;
beforeEach(() => {
  server = new Server();
  client = server.connect();
});

function stats(group: string): Record<string, string> {
  const frames = client.ask(Opcode.Stat, { key: group });
  const last = frames.pop()!;
  expect([last.status, last.bodyLength]).toEqual([Status.Success, 0]);
  return Object.fromEntries(frames.map(({ key, value }) => [key.toString(), value.toString()]));
}

test('each statistic is a packet, and an empty one ends them', () => {
  client.set('a', '1');
  expect(stats('')).toMatchObject({ curr_items: '1', ep_total_enqueued: '1', vb_active_num: '1' });
  expect(stats('uuid')).toEqual({ uuid: '' });
  expect(stats('reset')).toEqual({});
  expect(stats('memory')).toMatchObject({ mem_used_merge_threshold: '1342177' });
  expect(stats('config')).toMatchObject({ ep_max_item_size: '20971520' });
});

test('of vbuckets, all or one', () => {
  server.bucket.setVbucketState(2, 'replica');
  expect(stats('vbucket')).toEqual({ vb_0: 'active', vb_2: 'replica' });
  expect(stats('vbucket 2')).toEqual({ vb_2: 'replica' });
  client.set('a', '1');
  expect(stats('vbucket-details 0')).toMatchObject({ 'vb_0:num_items': '1', 'vb_0:ops_create': '1' });
  expect(stats('vbucket-seqno 0')).toMatchObject({ 'vb_0:high_seqno': '1', 'vb_0:last_persisted_seqno': '1' });
  expect(stats('hash 0')).toMatchObject({ 'vb_0:state': 'active' });
  const { uuidHigh, uuidLow } = server.vbucket.failoverLog.latest;
  const id = String(uuidHigh * 2 ** 32 + uuidLow);
  expect(stats('failovers 0')).toMatchObject({ 'vb_0:num_entries': '1', 'vb_0:0:id': id, 'vb_0:0:seq': '0' });
  expect(client.status(Opcode.Stat, { key: 'vbucket 1' })).toBe(Status.NotMyVbucket);
  expect(client.status(Opcode.Stat, { key: 'vbucket x' })).toBe(Status.Invalid);
});

test('of one key', () => {
  const cas = client.set('with a space', '1');
  expect(stats('key with a space 0')).toEqual({
    key_is_dirty: 'false',
    key_exptime: '0',
    key_flags: '0',
    key_cas: cas.toString(),
    key_vb_state: 'active',
    key_is_resident: 'true',
  });
  expect(stats('vkey with a space 0')).toMatchObject({ key_valid: 'valid' });
  expect(client.status(Opcode.Stat, { key: 'key missing 0' })).toBe(Status.KeyNotFound);
  expect(client.status(Opcode.Stat, { key: 'key missing 3' })).toBe(Status.NotMyVbucket);
  expect(client.status(Opcode.Stat, { key: 'key' })).toBe(Status.Invalid);
});

test('of collections and scopes', () => {
  server.bucket.setManifest(
    parseManifest(
      '{"uid":"1","scopes":[{"name":"_default","uid":"0","collections":[{"name":"_default","uid":"0"}]},' +
        '{"name":"shop","uid":"8","collections":[{"name":"carts","uid":"a","maxTTL":60}]}]}',
    )!,
  );
  client.set('a', '1');
  expect(stats('collections')).toMatchObject({
    manifest_uid: '1',
    '0x8:0xa:name': 'carts',
    '0x8:0xa:maxTTL': '60',
    '0x0:0x0:items': '1',
    '0x8:0xa:scope_name': 'shop',
  });
  expect(stats('scopes')).toMatchObject({ '0x8:collections': '1', '0x0:items': '1' });
  expect(stats('collections shop.carts')).toMatchObject({ '0x8:0xa:items': '0' });
  expect(client.status(Opcode.Stat, { key: 'collections shop.nope' })).toBe(Status.UnknownCollection);
  expect(client.status(Opcode.Stat, { key: 'scopes nope' })).toBe(Status.UnknownScope);
});

test('of connections, as JSON without a name', () => {
  const [first] = client.ask(Opcode.Stat, { key: 'connections' });
  expect(first!.keyLength).toBe(0);
  expect(JSON.parse(first!.value.toString())).toMatchObject({ user: { name: 'Administrator' }, bucket: 'b' });
});

test('an unknown group', () => {
  expect(client.status(Opcode.Stat, { key: 'nosuchgroup' })).toBe(Status.KeyNotFound);
});

test('traced connections get plain packets', () => {
  const traced = server.connect([...USUAL, Feature.Tracing]);
  expect(traced.ask(Opcode.Stat, { key: 'uuid' }).map(({ magic }) => magic)).toEqual([Magic.Response, Magic.Response]);
});

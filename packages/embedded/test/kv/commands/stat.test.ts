import { Feature, Magic, Opcode, Status } from '@cb/protocol';
import { DISK_DEFAULT } from '../../../src/store/disk-options.js';
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

test('without a group, all that an engine and its process tell, each once', () => {
  const frames = client.ask(Opcode.Stat, { key: '' }).slice(0, -1);
  const names = frames.map(({ key }) => key.toString());
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(400);
  expect(names).toEqual(
    expect.arrayContaining([
      'curr_connections',
      'uptime',
      'ep_mem_high_wat',
      'vb_replica_queue_size',
      'vb_active_sync_write_aborted_count',
      'ep_max_item_size',
      'ep_bg_fetched',
      'cmd_get',
    ]),
  );
});

test('of the node: since when it runs, and who is connected', () => {
  server.connect();
  server.clock.advance(90_000);
  expect(stats('')).toMatchObject({ uptime: '90', curr_connections: '2', total_connections: '2', threads: '4' });
});

test('of memory and disk, as they are', () => {
  server.bucket.disk = { ...DISK_DEFAULT, readLagMs: 5, evictionRatio: 0.5, diskWriteMsPerItem: 1 };
  for (const key of ['a', 'b', 'c', 'd']) client.set(key, '1');
  expect(stats('')).toMatchObject({ ep_queue_size: '4', vb_active_num_non_resident: '0' });
  server.clock.advance(4);
  client.set('e', '1');
  expect(stats('')).toMatchObject({ ep_queue_size: '1', ep_num_non_resident: '2', vb_active_perc_mem_resident: '60' });
  const cold = [...server.vbucket.documents(0)].find((document) => server.bucket.residency!.isOnDisk(document))!;
  client.ask(Opcode.Get, { key: cold.key });
  server.clock.advance(5);
  expect(client.arrived()).toHaveLength(1);
  expect(stats('')).toMatchObject({ ep_bg_fetched: '1', ep_num_value_ejects: expect.stringMatching(/^[23]$/) });
  expect(stats('timings')).toMatchObject({ bg_load_mean: '5000' });
  expect(stats('vbucket-details 0')).toMatchObject({ 'vb_0:num_non_resident': expect.stringMatching(/^[12]$/) });
});

test.each([
  ['checkpoint', { 'vb_0:open_checkpoint_id': '1', 'vb_0:num_items_for_persistence': '0' }],
  ['checkpoint 0', { 'vb_0:persistence:cursor_seqno': '1' }],
  ['clocks', { clock_measurement_period_ns: '1' }],
  ['dcp', { ep_dcp_count: '0', ep_dcp_max_running_backfills: '4096' }],
  ['dcpagg :', { ':total:count': '0' }],
  ['diskinfo', { ep_db_prepare_size: '0' }],
  ['diskinfo detail', { 'vb_0:file_size': '82' }],
  [
    'durability-monitor 0',
    { 'vb_0:state': 'active', 'vb_0:num_tracked': '0', 'vb_0:replication_chain_first:size': '1' },
  ],
  ['eviction', { ep_replica_eviction_values_evicted: '0' }],
  ['info', { info: '{"version":"7.2.4","features":["collections","sync-writes"]}' }],
  ['kvstore', { 'rw_0:backend_type': 'couchstore', 'rw_0:io_num_write': '1' }],
  ['prev-vbucket', { vb_0: 'active' }],
  ['responses', { responses: '{}' }],
  ['tasks', { 'ep_tasks:tasks:b': '[]' }],
  ['threads', { num_frontend_threads_actual: '1' }],
  ['tracing', { log_is_enabled: 'false' }],
  ['warmup', { ep_warmup: 'enabled', ep_warmup_state: 'done', ep_warmup_key_count: '1' }],
  ['workload', { 'ep_workload:num_shards': '1' }],
])('%s', (group, expected) => {
  client.set('a', '1');
  expect(stats(group)).toMatchObject(expected);
});

test.each(['dispatcher', 'kvtimings', 'runtimes', 'scheduler', 'timings'])('%s has nothing to say yet', (group) => {
  expect(stats(group)).toEqual({});
});

test('an unknown group', () => {
  expect(client.status(Opcode.Stat, { key: 'nosuchgroup' })).toBe(Status.KeyNotFound);
});

test('traced connections get plain packets', () => {
  const traced = server.connect([...USUAL, Feature.Tracing]);
  expect(traced.ask(Opcode.Stat, { key: 'uuid' }).map(({ magic }) => magic)).toEqual([Magic.Response, Magic.Response]);
});

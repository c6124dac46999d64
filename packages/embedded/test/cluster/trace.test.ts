import { ArgumentError, Opcode, Status } from '@cb/protocol';
import { EmbeddedCluster } from '../../src/cluster/cluster.js';
import { Trace } from '../../src/cluster/trace.js';
import { KvClient } from '../kv-client.js';

test('requests, answers and pushes are kept in order, by node and connection', async () => {
  await using cluster = await EmbeddedCluster.start({ nodes: 2 });
  const [first, second] = [await KvClient.open(cluster, 0), await KvClient.open(cluster, 1)];
  const trace = new Trace(cluster);
  const drop = cluster.faults.add({ opcode: 'Delete', drop: 'request' });
  await first.ask(Opcode.Noop);
  void second.ask(Opcode.Delete, { key: 'ada' });
  await second.ask(Opcode.Get, { key: 'ada', vbucket: 1 });
  cluster.publish('default');
  const seen = trace.entries.map(({ node, connection, kind, opcode, key, status }) =>
    [node, connection, kind, opcode, key, status].join(' ').trim(),
  );
  expect(seen).toEqual([
    '0 1 request Noop',
    `0 1 answer Noop  ${Status.Success}`,
    '1 2 request Delete ada',
    '1 2 request Get ada',
    `1 2 answer Get  ${Status.KeyNotFound}`,
    '0 1 push ClustermapChangeNotification default',
    '1 2 push ClustermapChangeNotification default',
  ]);
  expect(trace.entries[0]!.opaque).toBe(trace.entries[1]!.opaque);
  drop.remove();
  trace.stop();
  await first.ask(Opcode.Noop);
  expect(trace.entries).toHaveLength(seen.length);
  first.close();
  second.close();
});

test('so many entries are kept, the last ones', async () => {
  await using cluster = await EmbeddedCluster.start();
  const client = await KvClient.open(cluster);
  using trace = new Trace(cluster, { entriesMax: 3 });
  for (let turn = 0; turn < 10; turn++) {
    await client.ask(Opcode.Noop);
    expect(trace.entries.length).toBeLessThanOrEqual(3);
  }
  await client.ask(Opcode.Version);
  expect(trace.entries.map(({ opcode }) => opcode)).toEqual(['Noop', 'Version', 'Version']);
  expect(() => new Trace(cluster)).toThrow(/traced already/);
  expect(() => new Trace(cluster, { entriesMax: 0 })).toThrow(ArgumentError);
  client.close();
});

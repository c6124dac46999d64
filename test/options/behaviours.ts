import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EmbeddedCluster, Trace } from '@cb/embedded';
import { type Bucket, connect, enableExperimental, MutationToken } from '@cb/promise';
import { type ConnectionOptionName, Datatype, Feature, type Frame, Opcode, vbucketOf } from '@cb/protocol';
import { type IOEvent, type IOSocket, NodeIOPS, RawBucket, type SocketTarget, type SrvTarget } from '@cb/raw';
import { n1qlQueryAll, queryAll, searchQueryAll } from '@cb/views';
import { ScriptedNode } from '../../packages/raw/test/scripted-node.js';
import { connectTo, until } from '../topology/clients.js';
import { json, ServiceBed, viewRows } from '../views/service-bed.js';

/** The I/O of Node, and what was asked of it. */
class NotingIOPS extends NodeIOPS {
  readonly targets: SocketTarget[] = [];
  /** When DNS SRV records were asked for, and when each socket was opened, in milliseconds. */
  readonly times: number[] = [];

  override openSocket(event: IOEvent, target: SocketTarget): IOSocket {
    this.targets.push(target);
    this.times.push(this.now() / 1000);
    return super.openSocket(event, target);
  }

  /** Nobody answers. */
  override resolveSrv(_name: string, _resolved: (targets: readonly SrvTarget[]) => void): void {
    this.times.push(this.now() / 1000);
  }
}

const TEXT = 'compressible '.repeat(100);
const DEFAULT_WAIT_MS = 9000;

/** What a call fails with; it must not take as long as it would by default. */
async function failure(attempt: Promise<unknown>): Promise<Error> {
  const gaveUp = pause(DEFAULT_WAIT_MS, undefined, { ref: false }).then(() => {
    throw new Error('it took as long as without the option');
  });
  const outcome = attempt.then(
    () => new Error('it did not fail'),
    (error) => error as Error,
  );
  return Promise.race([outcome, gaveUp]);
}

/** A bed whose services never answer, connected. */
async function silentBed(query: string): Promise<ServiceBed> {
  const bed = await ServiceBed.start({ script: () => {}, query });
  await new Promise<void>((resolve, reject) => {
    bed.bucket.connect().setCallbacks(
      () => resolve(),
      (_result, _errorClass, error) => reject(error),
    );
  });
  return bed;
}

async function withCluster(
  query: string,
  use: (bucket: Bucket, cluster: EmbeddedCluster) => Promise<void>,
  options: Parameters<typeof EmbeddedCluster.start>[0] = {},
): Promise<void> {
  await using cluster = await EmbeddedCluster.start(options);
  await using bucket = await connectTo(cluster, query, { timeout: undefined as never });
  await use(bucket, cluster);
}

/** The features that HELLO asks for. */
async function featuresWith(query: string): Promise<number[]> {
  let asked: number[] = [];
  await using node = await ScriptedNode.start((frame) => {
    if (frame.opcode !== Opcode.Hello) return undefined;
    asked = Array.from({ length: frame.valueLength / 2 }, (_none, index) => frame.value.readUInt16BE(2 * index));
    return undefined;
  });
  const bucket = await connect(`${node.connectionString}&${query}`, { username: 'u', password: 'p' });
  bucket.destroy();
  return asked;
}

/** The first frame of this opcode that a node gets from a client. */
async function firstFrame(opcode: number, query: string): Promise<{ key: string }> {
  let key: string | undefined;
  const note = (frame: Frame): undefined => {
    if (frame.opcode === opcode) key ??= frame.key.toString();
  };
  await using node = await ScriptedNode.start(note);
  const bucket = new RawBucket(`couchbase://127.0.0.1:${node.port}/default?${query}`, { username: 'u', password: 'p' });
  bucket.connect().setCallbacks(
    () => {},
    () => {},
  );
  await until(() => key !== undefined);
  bucket.destroy();
  return { key: key! };
}

/** The targets of the sockets that connecting opens. */
async function targetsWith(query: string, seeds = '127.0.0.1:1'): Promise<SocketTarget[]> {
  const iops = new NotingIOPS();
  await failure(connect(`couchbase://${seeds}/default?${query}`, { iops }));
  return iops.targets;
}

/** How the text is stored that was written with these options. */
async function datatypeStored(query: string): Promise<number> {
  let datatype = 0;
  await withCluster(query, async (bucket, cluster) => {
    await bucket.upsert('k', { TEXT });
    const [part] = cluster.bucket('default').parts;
    datatype = part!.vbuckets[vbucketOf('k', part!.vbucketCount)]!.read(0, 'k')!.datatype;
  });
  return datatype;
}

/** Milliseconds between the questions for a cluster map. */
async function mapQuestions(query: string, count: number): Promise<number[]> {
  const asked: number[] = [];
  await using node = await ScriptedNode.start((frame) => {
    if (frame.opcode === Opcode.GetClusterConfig) asked.push(performance.now());
    return undefined;
  });
  const bucket = await connect(`${node.connectionString}&${query}`, { username: 'u', password: 'p' });
  // A connection that is silent would be asked for a sign of life as well, which is the same question.
  const talk = setInterval(() => void bucket.noop().catch(() => {}), 2);
  await until(() => asked.length > count);
  clearInterval(talk);
  bucket.destroy();
  return asked.slice(2).map((time, index) => time - asked[index + 1]!);
}

/** Waits for a document to be persisted that never will be, and gives the milliseconds between the questions for it. */
async function observeQuestions(query: string, wait: (bucket: Bucket) => Promise<unknown>): Promise<number[]> {
  let gaps: number[] = [];
  await withCluster(
    query,
    async (bucket, cluster) => {
      await bucket.upsert('k', 1);
      using trace = new Trace(cluster);
      await failure(wait(bucket));
      const asked = trace.entries.filter(({ kind, opcode }) => kind === 'request' && opcode.startsWith('Observe'));
      gaps = asked.slice(1).map(({ at }, index) => at - asked[index]!.at);
    },
    { persistenceLagMs: Number.POSITIVE_INFINITY },
  );
  return gaps;
}

/** Every option of the connection string, with a test of what it does. */
export const behaviours: Readonly<Record<ConnectionOptionName, () => Promise<void>>> = {
  async kv_timeout() {
    await withCluster('kv_timeout=80ms', async (bucket, cluster) => {
      cluster.faults.add({ opcode: 'Get', drop: 'request' });
      expect((await failure(bucket.get('k'))).message).toContain('80 ms');
    });
  },
  async kv_durable_timeout() {
    await withCluster('kv_durable_timeout=90ms', async (bucket, cluster) => {
      cluster.faults.add({ opcode: 'Set', drop: 'request' });
      expect((await failure(bucket.upsert('k', 1, { durability: 'majority' }))).message).toContain('90 ms');
    });
  },
  async bootstrap_timeout() {
    await using node = await ScriptedNode.start(() => 'silence');
    const error = await failure(connect(`${node.connectionString}&bootstrap_timeout=150ms`));
    expect(error).toMatchObject({ code: 'connect', seeds: [{ step: 'hello' }] });
  },
  async kv_connect_timeout() {
    await using node = await ScriptedNode.start(() => 'silence');
    const error = await failure(connect(`${node.connectionString}&kv_connect_timeout=150ms`));
    expect(error).toMatchObject({ code: 'connect', seeds: [{ step: 'hello', cause: { code: 'timeout' } }] });
  },
  async view_timeout() {
    await using bed = await silentBed('view_timeout=100ms');
    expect((await failure(queryAll(bed.bucket, 'd', 'v'))).message).toContain('100 ms');
  },
  async query_timeout() {
    await using bed = await silentBed('query_timeout=100ms');
    expect((await failure(n1qlQueryAll(bed.bucket, 'SELECT 1'))).message).toContain('100 ms');
  },
  async search_timeout() {
    enableExperimental();
    await using bed = await silentBed('search_timeout=100ms');
    expect((await failure(searchQueryAll(bed.bucket, 'i', { match: 'x' }))).message).toContain('100 ms');
  },
  async management_timeout() {
    await withCluster('management_timeout=100ms', async (bucket, cluster) => {
      cluster.faults.add({ service: 'http', drop: 'request' });
      expect((await failure(bucket.designDocuments.list())).message).toContain('100 ms');
    });
  },
  async durability_timeout() {
    const wait = async (bucket: Bucket): Promise<void> => {
      const error = await failure(bucket.endure('k', { persistTo: 1, replicateTo: 0 }));
      expect(error.message).toContain('120 ms');
    };
    await observeQuestions('durability_timeout=120ms', wait);
  },
  async durability_interval() {
    const gaps = await observeQuestions('durability_interval=70ms', (bucket) =>
      bucket.endure('k', { persistTo: 1, replicateTo: 0, timeout: 300 }),
    );
    const afterWrite = await observeQuestions('durability_interval=70ms', (bucket) =>
      bucket.upsert('k', 2, { persistTo: 1, timeout: 300 }),
    );
    for (const each of [gaps, afterWrite]) {
      expect(each.length).toBeGreaterThan(0);
      expect(Math.min(...each)).toBeGreaterThan(60);
    }
  },
  async config_poll_interval() {
    expect((await mapQuestions('config_poll_interval=20ms&config_poll_floor=1ms', 4)).length).toBe(3);
  },
  async config_poll_floor() {
    const gaps = await mapQuestions('config_poll_interval=20ms&config_poll_floor=150ms', 4);
    expect(Math.min(...gaps)).toBeGreaterThan(130);
  },
  async network() {
    await using cluster = await EmbeddedCluster.start();
    const { kv } = cluster.nodes[0]!.ports;
    cluster.setAlternateAddress(0, { hostname: 'localhost', ports: { kv } });
    await using bucket = await connectTo(cluster, 'network=external');
    expect(bucket.serverNodes).toEqual([`localhost:${kv}`]);
  },
  async enable_dns_srv() {
    for (const isEnabled of [true, false]) {
      const iops = new NotingIOPS();
      await failure(connect(`couchbase://cb.invalid/b?enable_dns_srv=${isEnabled}&bootstrap_timeout=200ms`, { iops }));
      expect(iops.times.length - iops.targets.length).toBe(isEnabled ? 1 : 0);
    }
  },
  async dns_srv_timeout() {
    const iops = new NotingIOPS();
    await failure(connect('couchbase://cb.invalid/b?dns_srv_timeout=2s&resolve_timeout=100ms', { iops }));
    const [asked, opened] = iops.times;
    expect(opened! - asked!).toBeGreaterThan(1900);
  },
  async resolve_timeout() {
    // The resolver of this machine cannot be made to hang.
    jest.spyOn(process.getBuiltinModule('node:dns'), 'lookup').mockImplementation((() => {}) as never);
    const error = await failure(connect('couchbase://cb.invalid/b?enable_dns_srv=false&resolve_timeout=100ms'));
    expect(error.message).toContain('cb.invalid was not resolved within 100 ms');
  },
  async enable_compression() {
    expect(await featuresWith('enable_compression=true')).toContain(Feature.Snappy);
    expect(await featuresWith('enable_compression=false')).not.toContain(Feature.Snappy);
    expect(await datatypeStored('enable_compression=true')).toBe(Datatype.Json | Datatype.Snappy);
  },
  async compression_min_size() {
    expect(await datatypeStored('enable_compression=true&compression_min_size=2000')).toBe(Datatype.Json);
    expect(await datatypeStored('compression=inflate_only')).toBe(Datatype.Json);
  },
  async compression_min_ratio() {
    expect(await datatypeStored('enable_compression=true&compression_min_ratio=0.01')).toBe(Datatype.Json);
  },
  async enable_mutation_tokens() {
    expect(await featuresWith('enable_mutation_tokens=false')).not.toContain(Feature.MutationSeqno);
    await withCluster('enable_mutation_tokens=false', async (bucket) => {
      expect((await bucket.upsert('k', 1)).mutationToken).toBeUndefined();
      expect((await bucket.upsert('k', 2, { persistTo: 1 })).success).toBe(true);
    });
    await withCluster('enable_mutation_tokens=true', async (bucket) => {
      expect((await bucket.upsert('k', 1)).mutationToken).toBeInstanceOf(MutationToken);
    });
  },
  async enable_unordered_execution() {
    expect(await featuresWith('enable_unordered_execution=true')).toContain(Feature.UnorderedExecution);
    expect(await featuresWith('enable_unordered_execution=false')).not.toContain(Feature.UnorderedExecution);
  },
  async enable_clustermap_notification() {
    const both = [Feature.ClustermapChangeNotification, Feature.ClustermapChangeNotificationBrief];
    expect(await featuresWith('enable_clustermap_notification=true')).toEqual(expect.arrayContaining(both));
    const without = await featuresWith('enable_clustermap_notification=false');
    expect(without.filter((feature) => both.includes(feature as never))).toEqual([]);
  },
  async enable_tcp_keep_alive() {
    const [target] = await targetsWith('enable_tcp_keep_alive=false&tcp_keep_alive_interval=7s');
    expect(target?.keepAliveMs).toBe(0);
  },
  async tcp_keep_alive_interval() {
    const [target] = await targetsWith('tcp_keep_alive_interval=7s');
    expect(target?.keepAliveMs).toBe(7000);
  },
  async num_kv_connections() {
    const iops = new NotingIOPS();
    await using node = await ScriptedNode.start();
    const bucket = await connect(`${node.connectionString}&num_kv_connections=3`, {
      ...{ username: 'u', password: 'p', iops },
    });
    await until(() => node.connections.size === 3);
    bucket.destroy();
    expect(iops.targets).toHaveLength(3);
  },
  async max_http_connections() {
    await using bed = await silentBed('max_http_connections=2&view_timeout=400ms');
    const queries = Array.from({ length: 5 }, () => failure(queryAll(bed.bucket, 'd', 'v')));
    await until(() => bed.requests.length >= 2);
    await pause(100);
    expect(new Set(bed.requests.map(({ port }) => port)).size).toBe(2);
    expect(bed.requests).toHaveLength(2);
    await Promise.all(queries);
  },
  async idle_http_connection_timeout() {
    for (const [idle, connections] of [
      ['0', 2],
      ['1m', 1],
    ] as const) {
      await using bed = await ServiceBed.start({
        script: (response) => json(response, { total_rows: 1, rows: viewRows(1) }),
        query: `idle_http_connection_timeout=${idle}`,
      });
      for (let turn = 0; turn < 2; turn++) await queryAll(bed.bucket, 'd', 'v');
      expect(new Set(bed.requests.map(({ port }) => port)).size).toBe(connections);
    }
  },
  async tls_verify() {
    await using cluster = await EmbeddedCluster.start({ tls: true });
    const { username, password, secureConnectionString } = cluster;
    const spec = `${secureConnectionString}/default?tls_verify`;
    await using bucket = await connect(`${spec}=none`, { username, password });
    expect((await bucket.upsert('k', 1)).success).toBe(true);
    expect((await failure(connect(`${spec}=peer`, { username, password }))).message).toContain('self-signed');
  },
  async trust_certificate() {
    await using cluster = await EmbeddedCluster.start({ tls: true });
    const { username, password, secureConnectionString, certificate } = cluster;
    const file = join(tmpdir(), `cb-trusted-${process.pid}.pem`);
    writeFileSync(file, certificate!);
    const spec = `${secureConnectionString}/default?trust_certificate=${encodeURIComponent(file)}`;
    await using bucket = await connect(spec, { username, password });
    expect((await bucket.upsert('k', 1)).success).toBe(true);
  },
  async preserve_bootstrap_nodes_order() {
    const ports = [1, 2, 3, 4, 5, 6, 7, 9];
    const seeds = ports.map((port) => `127.0.0.1:${port}`).join();
    const targets = await targetsWith('preserve_bootstrap_nodes_order=true', seeds);
    expect(targets.map(({ port }) => port)).toEqual(ports);
  },
  async sasl_mech_force() {
    for (const mechanism of ['SCRAM-SHA1', 'PLAIN']) {
      expect((await firstFrame(Opcode.SaslAuth, `sasl_mech_force=${mechanism}`)).key).toBe(mechanism);
    }
  },
  async sasl_iterations_min() {
    await using cluster = await EmbeddedCluster.start({ scramIterations: 5000 });
    const { connectionString, username, password } = cluster;
    const url = `${connectionString}/default?sasl_iterations_min`;
    await using bucket = await connect(`${url}=5000`, { username, password });
    expect(bucket.connected).toBe(true);
    await expect(connect(`${url}=5001`, { username, password })).rejects.toThrow('5000 iterations; 5001 to');
  },
  async user_agent_extra() {
    const { key } = await firstFrame(Opcode.Hello, 'user_agent_extra=my%20shop');
    expect(JSON.parse(key).a).toMatch(/ my shop$/);
    await using bed = await ServiceBed.start({
      script: (response) => json(response, { total_rows: 0, rows: [] }),
      query: 'user_agent_extra=my%20shop',
    });
    await queryAll(bed.bucket, 'd', 'v');
    expect(bed.requests[0]?.headers['user-agent']).toMatch(/ my shop$/);
  },
  async ip_protocol() {
    const families = ['any', 'force_ipv4', 'force_ipv6'].map(async (protocol) => {
      const [target] = await targetsWith(`ip_protocol=${protocol}`, 'localhost:1');
      return target?.family;
    });
    expect(await Promise.all(families)).toEqual([undefined, 4, 6]);
    await using cluster = await EmbeddedCluster.start();
    const { username, password } = cluster;
    const spec = `couchbase://localhost:${cluster.nodes[0]!.ports.kv}/default?ip_protocol`;
    await using bucket = await connect(`${spec}=force_ipv4`, { username, password });
    expect((await bucket.upsert('k', 1)).success).toBe(true);
  },
};

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, type BucketOptions, connect } from '@cb/promise';
import { type CouchbaseError, Status } from '@cb/protocol';
import { until } from './clients.js';
import { type Cut, Relay, type RelayOptions } from './relay.js';

const FIXTURES = join(__dirname, '../../packages/raw/test/fixtures');
const cert = readFileSync(join(FIXTURES, 'localhost-cert.pem'), 'utf8');
const key = readFileSync(join(FIXTURES, 'localhost-key.pem'), 'utf8');

/** How a client speaks to a node through a relay. */
interface Way {
  readonly scheme: 'couchbase' | 'couchbases';
  readonly mechanism: string;
  /** Bytes from one place where a bootstrap is cut to the next; TLS handshakes take their time. */
  readonly stride: { readonly up: number; readonly down: number };
}

const ways: readonly Way[] = [
  { scheme: 'couchbase', mechanism: 'SCRAM-SHA512', stride: { up: 1, down: 1 } },
  { scheme: 'couchbases', mechanism: 'SCRAM-SHA256', stride: { up: 1, down: 29 } },
  { scheme: 'couchbases', mechanism: 'PLAIN', stride: { up: 5, down: 29 } },
];

/** One cluster of one node, and the relay before it, which the node's configuration names. */
class Line implements AsyncDisposable {
  readonly #way: Way;
  readonly cluster: EmbeddedCluster;
  readonly relay: Relay;

  private constructor(way: Way, cluster: EmbeddedCluster, relay: Relay) {
    this.#way = way;
    this.cluster = cluster;
    this.relay = relay;
  }

  static async open(way: Way): Promise<Line> {
    const cluster = await EmbeddedCluster.start({ vbuckets: 1, scramIterations: 1 });
    cluster.bucket('default').put('k', 'kept');
    // The error map of a real server is ten times as long as all the rest, and nothing but text.
    const body = { version: 2, revision: 1, errors: {} };
    cluster.faults.add({ opcode: 'GetErrorMap', answer: { status: Status.Success, body } });
    const isTls = way.scheme === 'couchbases';
    const options: RelayOptions = isTls ? { tls: { cert, key } } : {};
    const relay = await Relay.start(cluster.nodes[0]!.ports.kv, options);
    const ports = isTls ? { kvSSL: relay.port } : { kv: relay.port };
    cluster.setAlternateAddress(0, { hostname: '127.0.0.1', ports });
    return new Line(way, cluster, relay);
  }

  /** Connects through the relay, which may be tried more than once. */
  connect(query = 'config_poll_interval=2500', options: BucketOptions = {}): Promise<Bucket> {
    const { scheme, mechanism } = this.#way;
    const seed = `127.0.0.1:${this.relay.port}`;
    const string = `${scheme}://${seed},${seed}/default?network=external&sasl_mech_force=${mechanism}&${query}`;
    const tls = scheme === 'couchbases' ? { tls: { ca: cert } } : {};
    const { username, password } = this.cluster;
    return connect(string, { username, password, timeout: 20_000, ...tls, ...options });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.relay[Symbol.asyncDispose]();
    await this.cluster.stop();
  }
}

/** Does something at every place, some of them side by side, each with a line to itself. */
async function everywhere(
  way: Way,
  places: readonly Cut[],
  action: (line: Line, place: Cut) => Promise<void>,
): Promise<void> {
  const left = [...places];
  const worker = async (): Promise<void> => {
    await using line = await Line.open(way);
    for (let place = left.shift(); place !== undefined; place = left.shift()) await action(line, place);
  };
  await Promise.all(Array.from({ length: 6 }, worker));
}

function range(length: number, stride: number): number[] {
  return Array.from({ length: Math.ceil(length / stride) }, (_none, index) => index * stride);
}

/** What a client that connects and reads one document sends and receives. */
async function bytesOfRead(way: Way): Promise<{ readonly up: number; readonly down: number }> {
  await using line = await Line.open(way);
  const bucket = await line.connect();
  await bucket.get('k');
  const { up, down } = line.relay.last;
  bucket.destroy();
  return { up, down };
}

describe.each(ways)('over $scheme with $mechanism', (way) => {
  const { stride } = way;

  test('a connection is lost at every byte of its bootstrap and of a read, and both succeed', async () => {
    const { up, down } = await bytesOfRead(way);
    expect(up).toBeGreaterThan(200);
    expect(down).toBeGreaterThan(1000);
    const places: Cut[] = [
      ...range(up + 1, stride.up).map((at) => ({ up: at })),
      ...range(down, stride.down).map((at) => ({ down: at })),
    ];
    let tried = 0;
    await everywhere(way, places, async (line, place) => {
      const before = line.relay.accepted;
      line.relay.cut = (connection) => (connection === before ? place : {});
      const bucket = await line.connect();
      expect((await bucket.get('k')).value).toBe('kept');
      // The one that was cut, the next one, and no storm of them; with the last byte the read was answered already.
      expect(line.relay.accepted - before).toBeGreaterThanOrEqual(1);
      expect(line.relay.accepted - before).toBeLessThanOrEqual(3);
      bucket.destroy();
      tried++;
    });
    expect(tried).toBe(places.length);
  }, 120_000);

  test('a connection is lost at every byte of a mutation, which takes effect once or not at all', async () => {
    const outcomes = { succeeded: 0, failed: 0, took: 0 };
    const places: Cut[] = [...range(60, 1).map((at) => ({ up: at })), ...range(60, 1).map((at) => ({ down: at }))];
    await everywhere(way, places, async (line, place) => {
      const bucket = await line.connect();
      const name = `counter ${JSON.stringify(place)}`;
      line.relay.cutSoon(place);
      const error = await bucket.counter(name, { delta: 1, initial: 1 }).then(
        () => undefined,
        (thrown: CouchbaseError) => thrown,
      );
      const stored = line.cluster.bucket('default').peek(name)?.value.toString();
      if (error === undefined) {
        outcomes.succeeded++;
        expect(stored).toBe('1');
      } else {
        outcomes.failed++;
        expect(error).toMatchObject({ code: 'network_failure', ambiguous: true, attempts: 1 });
        expect([undefined, '1']).toContain(stored);
        if (stored !== undefined) outcomes.took++;
      }
      expect((await bucket.get('k')).value).toBe('kept');
      bucket.destroy();
    });
    expect(outcomes.succeeded).toBeGreaterThan(0);
    expect(outcomes.failed).toBeGreaterThan(outcomes.took);
    expect(outcomes.took).toBeGreaterThan(0);
  }, 120_000);

  test('a connection on which nothing is heard any more is found, and given up', async () => {
    await using line = await Line.open(way);
    const bucket = await line.connect('config_poll_interval=100');
    line.relay.silence();
    const [read, written] = [bucket.get('k'), bucket.upsert('w', 1).catch((error: CouchbaseError) => error)];
    expect((await read).value).toBe('kept');
    expect(await written).toMatchObject({ code: 'network_failure', ambiguous: true });
    expect(line.relay.accepted).toBe(2);
    // An idle connection is found likewise, before anybody needs it.
    line.relay.silence();
    await until(() => line.relay.accepted === 3);
    expect((await bucket.upsert('w', 2)).success).toBe(true);
    bucket.destroy();
  });
});

test('a TLS handshake may end at any byte', async () => {
  const way = { scheme: 'couchbases', mechanism: 'PLAIN', stride: { up: 1, down: 1 } } as const;
  const measure = async (line: Line, outer: Relay, cut: Cut): Promise<{ up: number; down: number }> => {
    outer.cut = (connection) => (connection === 0 ? cut : {});
    const seed = `127.0.0.1:${outer.port}`;
    const { username, password } = line.cluster;
    const options = { username, password, tls: { ca: cert }, timeout: 20_000 };
    const bucket = await connect(`couchbases://${seed},${seed}/default?network=external`, options);
    expect((await bucket.get('k')).value).toBe('kept');
    const { up, down } = outer.last;
    bucket.destroy();
    return { up, down };
  };
  await using line = await Line.open(way);
  await using whole = await Relay.start(line.relay.port);
  const { up, down } = await measure(line, whole, {});
  const places: Cut[] = [...range(up, 17).map((at) => ({ up: at })), ...range(down, 17).map((at) => ({ down: at }))];
  await everywhere(way, places, async (each, place) => {
    await using outer = await Relay.start(each.relay.port);
    each.cluster.setAlternateAddress(0, { hostname: '127.0.0.1', ports: { kvSSL: outer.port } });
    await measure(each, outer, place);
  });
}, 120_000);

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, type BucketOptions, connect } from '@cb/promise';
import { Status } from '@cb/protocol';
import { type Cut, Relay } from './relay.js';

const FIXTURES = join(__dirname, '../../packages/raw/test/fixtures');
const cert = readFileSync(join(FIXTURES, 'localhost-cert.pem'), 'utf8');
const key = readFileSync(join(FIXTURES, 'localhost-key.pem'), 'utf8');

/** How a client speaks to a node through a relay. */
export interface Way {
  readonly scheme: 'couchbase' | 'couchbases';
  readonly mechanism: string;
  /** Which bytes the relay counts and cuts: those on the wire, or those inside of TLS, which ends at the relay then. */
  readonly bytes: 'on the wire' | 'inside of TLS';
}

/**
 * Bytes by which one connection may differ from another in either direction: certificates and signatures differ each time,
 * and DER writes numbers as short as they are.
 */
export const VARIES = { 'on the wire': 8, 'inside of TLS': 0 } as const;

/** How many lines are used side by side. */
const LINES = 6;

/** One cluster of one node, and the relay before it, which the node's configuration names. */
export class Line implements AsyncDisposable {
  readonly #way: Way;
  readonly cluster: EmbeddedCluster;
  readonly relay: Relay;

  private constructor(way: Way, cluster: EmbeddedCluster, relay: Relay) {
    this.#way = way;
    this.cluster = cluster;
    this.relay = relay;
  }

  static async open(way: Way): Promise<Line> {
    const secure = way.scheme === 'couchbases';
    const endsAtRelay = way.bytes === 'inside of TLS';
    const cluster = await EmbeddedCluster.start({ vbuckets: 1, scramIterations: 1, tls: secure && !endsAtRelay });
    cluster.bucket('default').put('k', 'kept');
    // The error map of a real server is ten times as long as all the rest, and nothing but text.
    const body = { version: 2, revision: 1, errors: {} };
    cluster.faults.add({ opcode: 'GetErrorMap', answer: { status: Status.Success, body } });
    const { kv, kvSSL } = cluster.nodes[0]!.ports;
    const relay = await Relay.start(kvSSL ?? kv, endsAtRelay ? { tls: { cert, key } } : {});
    const ports = secure ? { kvSSL: relay.port } : { kv: relay.port };
    cluster.setAlternateAddress(0, { hostname: '127.0.0.1', ports });
    return new Line(way, cluster, relay);
  }

  /** Connects through the relay, which may be tried more than once. */
  connect(query = 'config_poll_interval=2500', options: BucketOptions = {}): Promise<Bucket> {
    const { scheme, mechanism } = this.#way;
    const seed = `127.0.0.1:${this.relay.port}`;
    const string = `${scheme}://${seed},${seed}/default?network=external&sasl_iterations_min=1&sasl_mech_force=${mechanism}&${query}`;
    const tls = scheme === 'couchbases' ? { tls: { ca: this.cluster.certificate ?? cert } } : {};
    const { username, password } = this.cluster;
    return connect(string, { username, password, timeout: 20_000, ...tls, ...options });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.relay[Symbol.asyncDispose]();
    await this.cluster.stop();
  }
}

/** Does something at every place, some of them side by side, each with a line to itself. */
export async function everywhere(
  way: Way,
  places: readonly Cut[],
  action: (line: Line, place: Cut) => Promise<void>,
): Promise<void> {
  const left = [...places];
  const worker = async (): Promise<void> => {
    await using line = await Line.open(way);
    for (let place = left.shift(); place !== undefined; place = left.shift()) await action(line, place);
  };
  await Promise.all(Array.from({ length: LINES }, worker));
}

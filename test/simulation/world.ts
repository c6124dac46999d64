import { type Clock, type ConnectionEvents, EmbeddedCluster, type ServerNetwork, type ServerPort } from '@cb/embedded';
import { RawBucket, type RawBucketOptions } from '@cb/raw';
import { SimulatedIOPS, SimulatedNetwork } from '@cb/raw/simulation';
import { EndpointTransport, type Tamper } from './endpoint-transport.js';
import { FrameTrace } from './frame-trace.js';

/** When virtual time begins, in milliseconds since 1970: a time like any, the same in every run. */
const EPOCH_MS = Date.UTC(2024, 0, 1);
const KV_PORT = 11210;
export const BUCKET = 'default';
/** All nodes are one process, with one event loop. */
export const CLUSTER_PROCESS = 'cluster';

export interface WorldOptions {
  /** Decides everything. */
  readonly seed: number;
  readonly nodes: number;
  readonly replicas: number;
  readonly vbuckets: number;
  /** Microseconds that bytes travel, at least and at most. Default 100 to 500. */
  readonly latencyUsecs?: readonly [min: number, max: number];
  /** Hears of everything that happens. */
  readonly onTrace?: (line: string) => void;
  /** Stands between the nodes and their clients. Default: nothing does. */
  readonly tamper?: Tamper;
}

/** A client program of the world: its bucket, and the machine that it runs on. */
export interface WorldClient {
  readonly name: string;
  readonly iops: SimulatedIOPS;
  readonly bucket: RawBucket;
}

/** The clock of the network, as the cluster reads it. */
class VirtualClock implements Clock {
  readonly #network: SimulatedNetwork;

  constructor(network: SimulatedNetwork) {
    this.#network = network;
  }

  now(): number {
    return EPOCH_MS + this.#network.now / 1000;
  }

  after(ms: number, action: () => void): () => void {
    const scheduled = this.#network.loopOf(CLUSTER_PROCESS).after(ms * 1000, action);
    return () => scheduled.cancel();
  }
}

/**
 * An embedded cluster and clients of it in one thread, in virtual time, with nothing but a simulated network between
 * them. Nodes are the hosts `node-0`, `node-1`, …; clients the hosts `client-0`, `client-1`, …
 */
export class World {
  readonly network: SimulatedNetwork;
  readonly cluster: EmbeddedCluster;
  readonly clients: WorldClient[] = [];

  private constructor(network: SimulatedNetwork, cluster: EmbeddedCluster) {
    this.network = network;
    this.cluster = cluster;
  }

  static async start({ nodes, replicas, vbuckets, ...options }: WorldOptions): Promise<World> {
    const { seed } = options;
    const network = new SimulatedNetwork(options);
    const cluster = await EmbeddedCluster.start({
      nodes,
      buckets: { [BUCKET]: { replicas, vbuckets } },
      seed,
      clock: new VirtualClock(network),
      network: serverNetwork(network, options.tamper),
      ports: 'random',
      scramIterations: 1,
      fallbackSalt: Buffer.alloc(16).toString('base64'),
      onWarning: (message) => network.trace(`the cluster warns: ${message}`),
    });
    return new World(network, cluster);
  }

  /** Milliseconds of virtual time since the beginning. */
  get nowMs(): number {
    return this.network.now / 1000;
  }

  /** A further client, not connected yet. */
  addClient(options: RawBucketOptions & { readonly parameters?: string } = {}): WorldClient {
    const { parameters = '', ...rest } = options;
    const name = `client-${this.clients.length}`;
    const iops = new SimulatedIOPS(this.network, name);
    const { connectionString, username, password } = this.cluster;
    const query = `sasl_iterations_min=1${parameters === '' ? '' : `&${parameters}`}`;
    const bucket = new RawBucket(`${connectionString}/${BUCKET}?${query}`, {
      username,
      password,
      iops,
      ...rest,
    });
    const client = { name, iops, bucket };
    this.clients.push(client);
    return client;
  }

  /** Connects the client; rejects when that fails. */
  async connect({ bucket }: WorldClient): Promise<void> {
    const connecting = new Promise<void>((resolve, reject) => {
      bucket.connect().setCallbacks(
        () => resolve(),
        (_result, _errorClass, error) => reject(error),
      );
    });
    await this.runUntil(connecting, 10_000);
  }

  /** Lets so much virtual time pass. */
  async run(ms: number): Promise<void> {
    await this.network.schedule.run(this.network.now + ms * 1000);
  }

  /** Lets time pass until the promise is settled, but no more than so much. */
  async runUntil<T>(promise: Promise<T>, limitMs: number): Promise<T> {
    const { schedule } = this.network;
    let isSettled = false;
    const stop = (): void => {
      isSettled = true;
      schedule.stop();
    };
    promise.then(stop, stop);
    const limit = schedule.after(limitMs * 1000, () => schedule.stop());
    await schedule.run(Number.POSITIVE_INFINITY);
    limit.cancel();
    if (!isSettled) throw new Error(`nothing has happened within ${limitMs} ms`);
    return promise;
  }

  trace(line: string): void {
    this.network.trace(line);
  }
}

/** The network as the nodes of the cluster see it. */
function serverNetwork(network: SimulatedNetwork, tamper: Tamper | undefined): ServerNetwork {
  const hostOf = (node: number): string => `node-${node}`;
  return {
    hostOf,
    listen(node: number, port: number, accept: (transport: EndpointTransport) => ConnectionEvents): ServerPort {
      const host = hostOf(node);
      const open = new Set<EndpointTransport>();
      const actualPort = port === 0 ? KV_PORT : port;
      const stop = network.listen(host, actualPort, (endpoint) => {
        const client = endpoint.peer!.host;
        const trace = network.isTraced ? new FrameTrace(network, client, host) : undefined;
        const transport = new EndpointTransport(network.loopOf(CLUSTER_PROCESS), endpoint, trace, tamper);
        const events = accept(transport);
        transport.attach({
          receive: (chunk) => events.receive(chunk),
          drained: () => events.drained(),
          closed: () => {
            open.delete(transport);
            events.closed();
          },
        });
        open.add(transport);
        return transport;
      });
      const close = (): Promise<void> => {
        stop();
        return new Promise((resolve) => {
          network.soon(() => {
            for (const transport of [...open]) transport.reset();
            resolve();
          });
        });
      };
      return { port: actualPort, close };
    },
  };
}

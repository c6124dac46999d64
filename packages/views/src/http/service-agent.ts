import { Agent, type ClientRequestArgs } from 'node:http';
import type { Duplex } from 'node:stream';
import type { IOPS, ServiceSettings } from '@cb/raw';
import { SocketStream } from './socket-stream.js';

/** The connections of `node:http`, over the bucket's IOPS. They are encrypted below HTTP when the bucket is. */
export class ServiceAgent extends Agent {
  readonly #iops: IOPS;
  readonly #settings: ServiceSettings;

  constructor(iops: IOPS, settings: ServiceSettings) {
    super({ keepAlive: true, scheduling: 'lifo' });
    this.#iops = iops;
    this.#settings = settings;
  }

  override createConnection(options: ClientRequestArgs): Duplex {
    const { tls, keepAliveMs, ref, connectTimeoutMs } = this.#settings;
    const target = { host: String(options.host), port: Number(options.port), keepAliveMs, ref };
    return new SocketStream(this.#iops, tls === undefined ? target : { ...target, tls }, connectTimeoutMs);
  }

  /** For how long; the end of that is when it is used again, by `ref`. */
  override keepSocketAlive(socket: Duplex): boolean {
    (socket as SocketStream).rest();
    return true;
  }
}

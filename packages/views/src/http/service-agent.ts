import type { Agent, ClientRequestArgs } from 'node:http';
import type { Duplex } from 'node:stream';
import type { IOPS, ServiceSettings } from '@cb/raw';
import { SocketStream } from './socket-stream.js';

/** The connections of `node:http`, over the bucket's IOPS. They are encrypted below HTTP when the bucket is. */
export function serviceAgent(iops: IOPS, settings: ServiceSettings): Agent {
  const { tls, sockets, idleMs, connectTimeoutMs } = settings;
  // Loaded only here, as most buckets never send a request.
  const { Agent } = process.getBuiltinModule('node:http');

  class ServiceAgent extends Agent {
    override createConnection({ host, port }: ClientRequestArgs): Duplex {
      const target = { host: String(host), port: Number(port), ...sockets };
      return new SocketStream(iops, tls === undefined ? target : { ...target, tls: tls.target() }, connectTimeoutMs);
    }

    /** For how long; the end of that is when it is used again, by `ref`. */
    override keepSocketAlive(socket: Duplex): boolean {
      (socket as SocketStream).rest(idleMs);
      return idleMs > 0;
    }
  }

  return new ServiceAgent({ keepAlive: true, scheduling: 'lifo' });
}

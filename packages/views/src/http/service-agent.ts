import type { Agent, ClientRequestArgs } from 'node:http';
import type { Duplex } from 'node:stream';
import type { IOPS } from '@cb/raw';
import type { ServiceSettings } from '@cb/raw/internal';
import { SocketStream } from './socket-stream.js';

/**
 * Returns an agent that connects `node:http` over the bucket's IOPS. Encryption, if the bucket has it, is below HTTP.
 */
export function serviceAgent(iops: IOPS, settings: ServiceSettings): Agent {
  const { tls, sockets, idleMs, connectTimeoutMs } = settings;
  // Loaded here, because most buckets never send a request.
  const { Agent } = process.getBuiltinModule('node:http');

  class ServiceAgent extends Agent {
    override createConnection({ host, port }: ClientRequestArgs): Duplex {
      const target = { host: String(host), port: Number(port), ...sockets };
      return new SocketStream(iops, tls === undefined ? target : { ...target, tls: tls.target() }, connectTimeoutMs);
    }

    /** How long the connection stays idle; `ref` ends that. */
    override keepSocketAlive(socket: Duplex): boolean {
      (socket as SocketStream).rest(idleMs);
      return idleMs > 0;
    }
  }

  return new ServiceAgent({ keepAlive: true, scheduling: 'lifo' });
}

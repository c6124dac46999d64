import { type ClusterMap, type CouchbaseError, type Service, serviceAddress } from '@cb/protocol';
import type { Address } from '../connection/connection-settings.js';
import type { Credentials } from '../connection/credentials.js';
import type { TlsSettings } from '../connection/tls-settings.js';
import type { IOPS, SocketOptions } from '../iops/iops.js';
import type { RetryStrategy } from '../operation/retry-strategy.js';
import type { AsyncResult } from '../results/async-result.js';
import type { ValueResult } from '../results/results.js';
import type { HoldUp } from '../time/hold-up.js';
import type { Limit, Wait } from '../time/timers.js';

/** Settings of the services besides key-value, from the options of the bucket and its connection string. */
export interface ServiceSettings {
  /** Undefined with a client certificate, and for servers without authentication. */
  readonly credentials: Credentials | undefined;
  readonly tls: TlsSettings | undefined;
  readonly sockets: SocketOptions;
  /** How long an idle connection is kept, in milliseconds. */
  readonly idleMs: number;
  /** Maximum number of connections to one node; 0 for the default of the service's client. */
  readonly connectionsMax: number;
  /** Maximum time to make a connection, in milliseconds. */
  readonly connectTimeoutMs: number;
  readonly userAgent: string;
  readonly retry: RetryStrategy;
  /** Default timeout of a request, by service. */
  readonly timeoutsMs: Readonly<Record<'views' | 'query' | 'search' | 'mgmt', number>>;
}

/** Work at a service. The bucket stays open until it ends, and keeps the process alive. */
export interface ServiceWork {
  /** Ends the work, as the bucket is destroyed: with this error, if there is one. */
  destroy(error: CouchbaseError | undefined): void;
  /** Cancels work that could run forever, as the bucket closes when all work has ended. */
  closing?(): void;
  /** The event loop did not turn for a while: moves the deadlines of the work. */
  extend?(holdUp: HoldUp): void;
}

/** The part of a bucket for clients of its nodes' other services: views, queries, search, management. */
export interface BucketServices {
  readonly iops: IOPS;
  readonly settings: ServiceSettings;
  /** The newest cluster map; undefined before the bucket is connected. */
  readonly map: ClusterMap | undefined;
  /** Where the service is offered, on the network and with the security that the bucket uses. */
  addressesOf(service: Service): readonly Address[];
  /** Calls an action later, on the bucket's clock, to within 10 milliseconds; only while there is work. */
  after(ms: number, action: () => void): Wait;
  /** Calls an action when a wait for an answer is over: as `after`, but hold-ups of the event loop do not count. */
  limit(ms: number, action: () => void): Limit;
  /** Registers work. Throws `ClientTemporaryFailError` unless the bucket is connected. */
  begin(work: ServiceWork): void;
  end(work: ServiceWork): void;
  /** Calls an action when the bucket is closed, in whatever way. */
  whenClosed(action: () => void): void;
  /** Reads a document for current work, also while the bucket waits for that work in order to close. */
  read(key: string): AsyncResult<ValueResult>;
}

/** Where the nodes of the map offer a service; views only where the bucket's documents are. */
export function serviceAddresses(
  map: ClusterMap | undefined,
  service: Service,
  tls: boolean,
  network: string | undefined,
): Address[] {
  const nodes = service === 'views' ? map?.kvNodes : map?.nodes;
  return (nodes ?? []).flatMap((node) => {
    const found = serviceAddress(node, service, tls, network);
    return found === undefined ? [] : [{ host: found.hostname, port: found.port }];
  });
}

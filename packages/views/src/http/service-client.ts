import type { Agent } from 'node:http';
import { type Address, FeatureNotAvailableError, ObjectDestroyedError, type Service } from '@cb/raw';
import type { BucketServices } from '@cb/raw/internal';
import { serviceAgent } from './service-agent.js';
import { type CallReader, ServiceCall, type ServiceRequest } from './service-call.js';
import { WorkQueue } from './work-queue.js';

/** Maximum number of concurrent requests to one node, unless `max_http_connections` is set. */
const CONNECTIONS_MAX = 32;

/** A node that offers a service, with the requests that wait for it. */
export interface ServiceNode {
  /** `host:port`. */
  readonly name: string;
  readonly address: Address;
  readonly queue: WorkQueue;
}

/** The HTTP connections of one bucket. */
export class ServiceClient {
  readonly services: BucketServices;
  readonly agent: Agent;
  readonly connectionsMax: number;
  readonly #nodes = new Map<string, ServiceNode>();
  #next: number;

  constructor(services: BucketServices) {
    this.services = services;
    this.agent = serviceAgent(services.iops, services.settings);
    this.connectionsMax = services.settings.connectionsMax || CONNECTIONS_MAX;
    // Clients that start at the same time should not all begin with the same node.
    this.#next = services.iops.randomBytes(1)[0]!;
    services.whenClosed(() => this.agent.destroy());
  }

  /**
   * Returns a node that offers the service, in turn; an avoided one only when there are no others.
   * @throws FeatureNotAvailableError when no node offers it.
   */
  choose(service: Service, avoided: ReadonlySet<string>): ServiceNode {
    const { map } = this.services;
    if (map === undefined) throw new ObjectDestroyedError('the bucket is not connected any more');
    // Servers that report bucket capabilities omit views for ephemeral buckets and for Magma.
    if (service === 'views' && map.bucketCapabilities.size > 0 && !map.bucketCapabilities.has('couchapi')) {
      throw new FeatureNotAvailableError(
        `the bucket ${JSON.stringify(map.bucket)} has no views: its type does not support them`,
      );
    }
    const addresses = this.services.addressesOf(service);
    if (addresses.length === 0) {
      throw new FeatureNotAvailableError(`no node of the cluster offers the service "${service}"`);
    }
    const nodes = addresses.map((address) => this.#nodeAt(address));
    const good = nodes.filter(({ name }) => !avoided.has(name));
    const among = good.length === 0 ? nodes : good;
    return among[this.#next++ % among.length]!;
  }

  /** Whether a node that is not avoided offers the service. */
  hasOther(service: Service, avoided: ReadonlySet<string>): boolean {
    return this.services.addressesOf(service).some((address) => !avoided.has(nameOf(address)));
  }

  /**
   * Calls a service, as part of registered work of the bucket. Resolves when the reader has the whole answer; rejects
   * with a `CouchbaseError`.
   */
  call(request: ServiceRequest, reader: CallReader): Promise<void> {
    return new ServiceCall(this, request, reader).run();
  }

  #nodeAt(address: Address): ServiceNode {
    const name = nameOf(address);
    let node = this.#nodes.get(name);
    if (node === undefined) {
      node = { name, address, queue: new WorkQueue(this.connectionsMax) };
      this.#nodes.set(name, node);
    }
    return node;
  }
}

function nameOf({ host, port }: Address): string {
  return `${host}:${port}`;
}

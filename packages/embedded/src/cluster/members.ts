import { ArgumentError } from '@cb/protocol';
import type { NodeEntry, ServicePorts } from '../config/cluster-config.js';
import { faultyService } from '../http/faulty-service.js';
import type { ServedNames } from '../http/request-guard.js';
import type { ServerIdentity } from '../tls/certificate.js';
import type { ClusterPlan } from './cluster-options.js';
import type { Node } from './node.js';
import { hostnameOf, isAnywhere, portsOf } from './node-address.js';
import { type HttpServices, NodeServers } from './node-servers.js';
import type { Membership } from './topology.js';

export interface MembersSetup {
  readonly plan: ClusterPlan;
  /** The certificate of the nodes for TLS; undefined without it. */
  readonly identity: ServerIdentity | undefined;
  /** Returns the handlers of the HTTP ports of a node. */
  services(index: number): HttpServices;
  /** A uuid for a further node. */
  uuid(): string;
}

/** The nodes of a cluster, by index: their sockets, which of them are up, and which take part. */
export class Members {
  readonly nodes: Node[];
  /** The nodes as in configurations, including those that do not take part. */
  readonly entries: NodeEntry[] = [];
  readonly #setup: MembersSetup;
  readonly #memberships: Membership[];
  readonly #servers: NodeServers[] = [];

  /** @param nodes those that take part from the beginning */
  constructor(nodes: Node[], setup: MembersSetup) {
    this.nodes = nodes;
    this.#setup = setup;
    this.#memberships = nodes.map(() => ({ isJoined: true, isUp: true }));
  }

  /** @throws ArgumentError when there is no such node. */
  of(node: number): Membership {
    const membership = this.#memberships[node];
    if (membership === undefined) {
      throw new ArgumentError(`node must be from 0 to ${this.nodes.length - 1}, not ${node}`);
    }
    return membership;
  }

  isUp(node: number): boolean {
    return this.#memberships[node]!.isUp;
  }

  /** Whether the node sends and takes mutations. */
  replicates(node: number): boolean {
    const { isHanging, startup } = this.nodes[node]!;
    return this.isUp(node) && !isHanging && startup === undefined;
  }

  /** The indexes of those that take part, in order. */
  get joined(): number[] {
    return [...this.#memberships.keys()].filter((index) => this.#memberships[index]!.isJoined);
  }

  get joinedEntries(): NodeEntry[] {
    return this.joined.map((index) => this.entries[index]!);
  }

  /** Opens the ports of the nodes that are there from the beginning. */
  async listen(): Promise<void> {
    for (const index of this.nodes.keys()) await this.#listen(index);
  }

  /** Adds a node, which does not take part yet. */
  async add(node: Node): Promise<number> {
    const index = this.nodes.push(node) - 1;
    this.#memberships.push({ isJoined: false, isUp: true });
    await this.#listen(index);
    return index;
  }

  /** Closes the ports of a node, and breaks its connections. */
  close(node: number): Promise<void> {
    return this.#servers[node]!.close();
  }

  /** Opens the ports that the node had before. */
  async reopen(node: number): Promise<void> {
    this.#servers[node] = await this.#serve(node, this.entries[node]!.ports);
  }

  /** The host names by which HTTP requests may address a node: those in configurations. */
  get #names(): ServedNames {
    const { host } = this.#setup.plan;
    return {
      isAnywhere: isAnywhere(host),
      has: (name) =>
        [host, ...this.entries.map(({ alternate }) => alternate?.hostname)].some((one) => one?.toLowerCase() === name),
    };
  }

  /** Closes everything. */
  async stop(): Promise<void> {
    for (const node of this.nodes) node.stop();
    await Promise.all(this.#servers.map((servers, index) => this.isUp(index) && servers.close()));
  }

  async #listen(index: number): Promise<void> {
    const { plan, uuid } = this.#setup;
    this.#servers.push(await this.#serve(index, portsOf(plan, index)));
    const hostname = plan.network?.hostOf(index) ?? hostnameOf(plan.host);
    const isUnnamed = plan.network === undefined && isAnywhere(plan.host);
    this.entries.push({ hostname, isUnnamed, ports: this.#servers[index]!.ports, uuid: uuid() });
  }

  #serve(index: number, ports: ServicePorts): Promise<NodeServers> {
    const { plan, identity: tls } = this.#setup;
    const { host, keepAlive, network } = plan;
    const node = this.nodes[index]!;
    if (network !== undefined) return Promise.resolve(NodeServers.listenOn(network, node, index, ports.kv));
    const { mgmt, capi, n1ql } = this.#setup.services(index);
    const services = {
      mgmt: faultyService(mgmt, node),
      capi: faultyService(capi, node),
      n1ql: faultyService(n1ql, node),
    };
    return NodeServers.listen(node, services, { host, names: this.#names, ports, keepAlive, tls });
  }
}

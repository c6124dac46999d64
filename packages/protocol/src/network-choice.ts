import type { ClusterMap } from './cluster-map.js';
import { type ClusterNode, DEFAULT_NETWORK, type NodeAddress, serviceAddress } from './cluster-node.js';
import { ArgumentError } from './errors/client-errors.js';

/** The address in the connection string through which a node was reached. */
export interface ReachedAddress {
  /** The host name or address. */
  readonly hostname: string;
  /** The port. */
  readonly port: number;
  /** Whether it was reached with TLS. */
  readonly tls: boolean;
}

const EXTERNAL = 'external';

/**
 * Returns the network on which a client should address the nodes. It is chosen once, with the first configuration: a
 * client that connected to a node's public name stays outside.
 *
 * `auto` looks for the address that the client used: first host and port together, then the host alone, each time among
 * the nodes' own addresses before the alternate ones. When nothing matches (a DNS alias, a load balancer), `external` is
 * taken if every node that carries data can be reached there, and `default` if not.
 *
 * @param wanted the option `network`: `auto`, `default`, `external` or another network's name.
 * @throws ArgumentError when the wanted network is one that no node has an address in.
 */
export function chooseNetwork(map: ClusterMap, wanted: string, reached: ReachedAddress): string {
  if (wanted === DEFAULT_NETWORK) return wanted;
  if (wanted !== 'auto') {
    if (map.nodes.some((node) => node.alternateAddresses.has(wanted))) return wanted;
    const known = new Set(map.nodes.flatMap((node) => [...node.alternateAddresses.keys()]));
    throw new ArgumentError(
      `network ${JSON.stringify(wanted)}: the nodes have ${[DEFAULT_NETWORK, ...known].join(', ')}`,
    );
  }
  return (
    networkWith(map, (address) => sameHost(address, reached) && offersPort(address, reached)) ??
    networkWith(map, (address) => sameHost(address, reached)) ??
    (isUsable(map, EXTERNAL, reached.tls) ? EXTERNAL : DEFAULT_NETWORK)
  );
}

function networkWith(map: ClusterMap, matches: (address: NodeAddress) => boolean): string | undefined {
  if (map.nodes.some(matches)) return DEFAULT_NETWORK;
  for (const node of map.nodes) {
    for (const [network, address] of node.alternateAddresses) if (matches(address)) return network;
  }
  return undefined;
}

function sameHost(address: NodeAddress, reached: ReachedAddress): boolean {
  return address.hostname.toLowerCase() === reached.hostname.toLowerCase();
}

function offersPort(address: NodeAddress, reached: ReachedAddress): boolean {
  return (reached.tls ? address.tls : address.plain).kv === reached.port;
}

function isUsable(map: ClusterMap, network: string, tls: boolean): boolean {
  const isReachable = (node: ClusterNode) => serviceAddress(node, 'kv', tls, network) !== undefined;
  return map.kvNodes.length > 0 && map.kvNodes.every(isReachable);
}

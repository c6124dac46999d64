import { ProtocolError } from './errors/client-errors.js';
import { asBoolean, asInteger, asObject, asText, type JsonObject, optional } from './json-fields.js';

/**
 * A service of a node. In the configuration, `views` is called `capi`, `query` `n1ql`, `search` `fts`, `analytics`
 * `cbas`.
 */
export type Service = 'kv' | 'mgmt' | 'views' | 'query' | 'search' | 'analytics' | 'eventing';

/** The ports of the node's services; the others are absent. */
export type ServicePorts = { readonly [service in Service]?: number };

/** The address of a node on one network. */
export interface NodeAddress {
  /** A name or an address; IPv6 addresses without brackets. */
  readonly hostname: string;
  /** Ports without TLS. */
  readonly plain: ServicePorts;
  /** Ports with TLS. */
  readonly tls: ServicePorts;
}

/** A node of a cluster map. Its own address is that of the network `default`. */
export interface ClusterNode extends NodeAddress {
  /** Its index in the map, which vbuckets refer to. */
  readonly index: number;
  /** True for the node that sent the configuration. */
  readonly thisNode: boolean;
  /** The server group of the node; undefined when it is not told. */
  readonly serverGroup: string | undefined;
  /** The id of the node; undefined when it is not told. */
  readonly uuid: string | undefined;
  /** Its addresses on other networks, by the network's name (usually `external`). */
  readonly alternateAddresses: ReadonlyMap<string, NodeAddress>;
}

const KEYS: readonly (readonly [Service, plain: string, tls: string])[] = [
  ['kv', 'kv', 'kvSSL'],
  ['mgmt', 'mgmt', 'mgmtSSL'],
  ['views', 'capi', 'capiSSL'],
  ['query', 'n1ql', 'n1qlSSL'],
  ['search', 'fts', 'ftsSSL'],
  ['analytics', 'cbas', 'cbasSSL'],
  ['eventing', 'eventingAdminPort', 'eventingSSL'],
];

/** The network of the addresses that the nodes have among themselves. */
export const DEFAULT_NETWORK = 'default';

/**
 * Returns the address of a service.
 * @param network the name of the network; `default` is the nodes' own.
 * @returns undefined when the node does not have the service on that network, or not with (or without) TLS.
 */
export function serviceAddress(
  node: ClusterNode,
  service: Service,
  tls = false,
  network = DEFAULT_NETWORK,
): { readonly hostname: string; readonly port: number } | undefined {
  const address = network === DEFAULT_NETWORK ? node : node.alternateAddresses.get(network);
  const port = (tls ? address?.tls : address?.plain)?.[service];
  return address === undefined || port === undefined ? undefined : { hostname: address.hostname, port };
}

/** Parses an entry of `nodesExt`. */
export function readExtNode(value: unknown, index: number, reachedBy: string): ClusterNode {
  const path = `nodesExt[${index}]`;
  const entry = asObject(value, path);
  const own: NodeAddress = {
    hostname: readHostname(entry['hostname'], `${path}.hostname`, reachedBy),
    ...readPorts(asObject(entry['services'], `${path}.services`), `${path}.services`),
  };
  return Object.freeze({
    ...own,
    index,
    thisNode: optional(entry['thisNode'], `${path}.thisNode`, asBoolean) ?? false,
    serverGroup: optional(entry['serverGroup'], `${path}.serverGroup`, asText),
    uuid: optional(entry['nodeUUID'], `${path}.nodeUUID`, asText),
    alternateAddresses: readAlternates(entry['alternateAddresses'], `${path}.alternateAddresses`, own),
  });
}

/** Parses an entry of `nodes`, the only description of a node by servers without `nodesExt`. */
export function readPlainNode(value: unknown, index: number, reachedBy: string): ClusterNode {
  const path = `nodes[${index}]`;
  const entry = asObject(value, path);
  const { hostname, port } = splitHostPort(
    asText(entry['hostname'], `${path}.hostname`),
    `${path}.hostname`,
    reachedBy,
  );
  const ports = optional(entry['ports'], `${path}.ports`, asObject);
  const plain: { [service in Service]?: number } = {};
  const kv = optional(ports?.['direct'], `${path}.ports.direct`, asPort);
  if (kv !== undefined) plain.kv = kv;
  if (port !== undefined) plain.mgmt = port;
  const views = optional(entry['couchApiBase'], `${path}.couchApiBase`, asText)?.match(/^http:\/\/[^/]*:(\d+)\//);
  if (views) plain.views = asPort(Number(views[1]), `${path}.couchApiBase`);
  return simpleNode(index, hostname, plain, optional(entry['thisNode'], `${path}.thisNode`, asBoolean) ?? false);
}

/** Parses a `host:port` of `vBucketServerMap.serverList`, the minimal description of a node. */
export function readListedNode(value: unknown, index: number, reachedBy: string): ClusterNode {
  const path = `vBucketServerMap.serverList[${index}]`;
  const { hostname, port } = splitHostPort(asText(value, path), path, reachedBy);
  return simpleNode(index, hostname, port === undefined ? {} : { kv: port }, false);
}

function simpleNode(index: number, hostname: string, plain: ServicePorts, thisNode: boolean): ClusterNode {
  return Object.freeze({
    hostname,
    plain: Object.freeze(plain),
    tls: Object.freeze({}),
    index,
    thisNode,
    serverGroup: undefined,
    uuid: undefined,
    alternateAddresses: new Map(),
  });
}

function readAlternates(value: unknown, path: string, own: NodeAddress): ReadonlyMap<string, NodeAddress> {
  const networks = new Map<string, NodeAddress>();
  for (const [network, each] of Object.entries(optional(value, path, asObject) ?? {})) {
    const at = `${path}.${network}`;
    const entry = asObject(each, at);
    const hostname = withoutBrackets(asText(entry['hostname'], `${at}.hostname`));
    // Without ports of their own, the services have the default ports.
    const ports = optional(entry['ports'], `${at}.ports`, readPorts) ?? { plain: own.plain, tls: own.tls };
    networks.set(network, Object.freeze({ hostname, ...ports }));
  }
  return networks;
}

function readPorts(value: unknown, path: string): { readonly plain: ServicePorts; readonly tls: ServicePorts } {
  const services: JsonObject = asObject(value, path);
  const plain: { [service in Service]?: number } = {};
  const tls: { [service in Service]?: number } = {};
  for (const [service, plainKey, tlsKey] of KEYS) {
    const plainPort = optional(services[plainKey], `${path}.${plainKey}`, asPort);
    if (plainPort !== undefined) plain[service] = plainPort;
    const tlsPort = optional(services[tlsKey], `${path}.${tlsKey}`, asPort);
    if (tlsPort !== undefined) tls[service] = tlsPort;
  }
  return { plain: Object.freeze(plain), tls: Object.freeze(tls) };
}

function asPort(value: unknown, path: string): number {
  return asInteger(value, path, 1, 65535);
}

/** A node that does not know its own name sends `$HOST` or nothing: its name is then that of the connection. */
function readHostname(value: unknown, path: string, reachedBy: string): string {
  const hostname = optional(value, path, asText);
  return hostname === undefined || hostname === '' || hostname === '$HOST' ? reachedBy : withoutBrackets(hostname);
}

function splitHostPort(text: string, path: string, reachedBy: string): { hostname: string; port: number | undefined } {
  const parts = text.match(/^(\[[^\]]+\]|[^:]*)(?::(\d+))?$/);
  if (parts === null) throw new ProtocolError(`${path} must be host:port, but is ${JSON.stringify(text)}`);
  const port = parts[2] === undefined ? undefined : asPort(Number(parts[2]), path);
  return { hostname: readHostname(parts[1], path, reachedBy), port };
}

/** Returns an IPv6 address as sockets take it, without the brackets of URLs and `host:port`. */
export function withoutBrackets(hostname: string): string {
  return hostname.startsWith('[') && hostname.endsWith(']') ? hostname.slice(1, -1) : hostname;
}

import type { ConfigText, ConfigVersion } from '../store/config-text.js';

/** The ports that a node serves at, by the names that configurations use; 0 for a service that it does not have. */
export interface ServicePorts {
  /** Management. */
  readonly mgmt: number;
  /** The key-value service. */
  readonly kv: number;
  /** Views. */
  readonly capi: number;
  /** Queries. */
  readonly n1ql: number;
  /** The same with TLS; absent where there is none. */
  readonly mgmtSSL?: number;
  /** The key-value service with TLS. */
  readonly kvSSL?: number;
  /** Views with TLS. */
  readonly capiSSL?: number;
  /** Queries with TLS. */
  readonly n1qlSSL?: number;
}

/** Where clients of another network find a node. */
export interface AlternateAddress {
  /** The host name or address. */
  readonly hostname: string;
  /** By the names that configurations use: `kv`, `kvSSL`, `mgmt` … Default the node's own. */
  readonly ports?: Readonly<Record<string, number>>;
}

/** Where a node is found. */
export interface NodeAddress {
  /** Where this machine finds it. */
  readonly hostname: string;
  /**
   * Clients get no host name: the node listens at every address, and each client uses the address that it connected to.
   */
  readonly isUnnamed: boolean;
  /** The ports of the services. */
  readonly ports: ServicePorts;
}

/** A node as configurations describe it. */
export interface NodeEntry extends NodeAddress {
  readonly uuid: string;
  /** For the network `external`. */
  readonly alternate?: AlternateAddress | undefined;
}

/** A bucket as configurations describe it. */
export interface BucketEntry {
  readonly name: string;
  readonly uuid: string;
  readonly replicas: number;
  /** Hexadecimal. */
  readonly manifestUid: string;
  /** The indexes of the nodes of each vbucket, the active first; -1 for a copy without a node. */
  readonly vbucketMap: readonly (readonly number[])[];
  /** The map of after the rebalance, while one goes on. */
  readonly forwardMap?: readonly (readonly number[])[] | undefined;
  readonly capabilities: readonly string[];
}

/** What the services do that not every version did; of what a server of 7.6 tells, that which is served here. */
const CLUSTER_CAPABILITIES = {
  n1ql: ['enhancedPreparedStatements', 'inlineFunctions', 'javaScriptFunctions'],
} as const;

/** `host:port`, with the brackets that an IPv6 address needs. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * The configuration of the cluster without any bucket, as the node `self` hands it out.
 * Source: SDK RFC 0024 and what a server sends; the revision pair is that of RFC 0075.
 */
export function clusterConfig(version: ConfigVersion, nodes: readonly NodeEntry[], self: number): ConfigText {
  const config = {
    rev: Number(version.revision),
    revEpoch: Number(version.epoch),
    nodesExt: nodes.map((node, index) => nodeExt(node, index === self)),
    clusterCapabilitiesVer: [1, 0],
    clusterCapabilities: CLUSTER_CAPABILITIES,
  };
  return { ...version, json: Buffer.from(JSON.stringify(config)) };
}

/** The configuration of a bucket, as the node `self` hands it out. */
export function bucketConfig(
  version: ConfigVersion,
  nodes: readonly NodeEntry[],
  self: number,
  bucket: BucketEntry,
): ConfigText {
  const { name, uuid } = bucket;
  const path = encodeURIComponent(name);
  const config = {
    rev: Number(version.revision),
    revEpoch: Number(version.epoch),
    collectionsManifestUid: bucket.manifestUid,
    bucketCapabilities: bucket.capabilities,
    name,
    nodeLocator: 'vbucket',
    uuid,
    bucketCapabilitiesVer: '',
    uri: `/pools/default/buckets/${path}?bucket_uuid=${uuid}`,
    streamingUri: `/pools/default/bucketsStreaming/${path}?bucket_uuid=${uuid}`,
    ddocs: { uri: `/pools/default/buckets/${path}/ddocs` },
    clusterCapabilitiesVer: [1, 0],
    clusterCapabilities: CLUSTER_CAPABILITIES,
    nodesExt: nodes.map((node, index) => nodeExt(node, index === self)),
    nodes: nodes.map((node) => ({
      couchApiBase: `http://${told(node, node.ports.capi)}/${path}%2B${uuid}`,
      ...(node.ports.capiSSL && { couchApiBaseHTTPS: `https://${told(node, node.ports.capiSSL)}/${path}%2B${uuid}` }),
      hostname: told(node, node.ports.mgmt),
      ports: { direct: node.ports.kv },
    })),
    vBucketServerMap: {
      hashAlgorithm: 'CRC',
      numReplicas: bucket.replicas,
      serverList: nodes.map((node) => told(node, node.ports.kv)),
      vBucketMap: bucket.vbucketMap,
      ...(bucket.forwardMap === undefined ? {} : { vBucketMapForward: bucket.forwardMap }),
    },
  };
  return { ...version, json: Buffer.from(JSON.stringify(config)) };
}

/** The node's name, or what servers write for one that has none, with a port. */
function told({ hostname, isUnnamed }: NodeEntry, port: number): string {
  return hostPort(isUnnamed ? '$HOST' : hostname, port);
}

function nodeExt({ hostname, isUnnamed, ports, uuid, alternate }: NodeEntry, isSelf: boolean): object {
  const services = Object.fromEntries(Object.entries(ports).filter(([, port]) => port !== 0));
  const others = alternate === undefined ? {} : { alternateAddresses: { external: alternate } };
  return { services, ...(isSelf && { thisNode: true }), ...(!isUnnamed && { hostname }), nodeUUID: uuid, ...others };
}

import { bucketCapabilities } from '../config/bucket-capabilities.js';
import type { BucketType, HistorySettings } from '../config/bucket-settings.js';
import { hostPort, type NodeAddress } from '../config/cluster-config.js';
import type { ManagedBucket, ManagedCluster } from './hosts.js';

const MIB = 1024 * 1024;

/** What the server calls the types of buckets in its answers. */
const TYPE_NAMES: Readonly<Record<BucketType, string>> = {
  couchbase: 'membase',
  ephemeral: 'ephemeral',
  memcached: 'memcached',
};

/** The list of pools, with which clients begin. */
export function poolsDocument(cluster: ManagedCluster, isAdmin: boolean): object {
  const { uuid } = cluster;
  return {
    isAdminCreds: isAdmin,
    isEnterprise: false,
    uuid,
    implementationVersion: cluster.plan.version,
    pools: [
      { name: 'default', uri: `/pools/default?uuid=${uuid}`, streamingUri: `/poolsStreaming/default?uuid=${uuid}` },
    ],
  };
}

/** Which node shows a document, and by which name the client found it. */
export interface Viewpoint {
  readonly cluster: ManagedCluster;
  readonly self: number;
  readonly reachedBy: string;
}

/** The cluster, as a client sees it that may know of these buckets. */
export function poolDocument(from: Viewpoint, name: string, buckets: readonly ManagedBucket[]): object {
  return {
    name,
    clusterName: '',
    nodes: nodeDocuments(from),
    buckets: {
      uri: '/pools/default/buckets',
      terseBucketsBase: '/pools/default/b/',
      terseStreamingBucketsBase: '/pools/default/bs/',
    },
    bucketNames: buckets.map((bucket) => ({ bucketName: bucket.name, uuid: bucket.uuid })),
    nodeServicesUri: '/pools/default/nodeServices',
    balanced: true,
    rebalanceStatus: 'none',
  };
}

/** A bucket with everything that managers of buckets ask for. */
export function bucketDocument(from: Viewpoint, bucket: ManagedBucket): object {
  const { cluster } = from;
  const { name, uuid, settings, itemCount } = bucket;
  const path = `/pools/default/buckets/${encodeURIComponent(name)}`;
  const quota = settings.ramQuotaMb * MIB;
  return {
    name,
    uuid,
    bucketType: TYPE_NAMES[settings.type],
    authType: 'sasl',
    uri: `${path}?bucket_uuid=${uuid}`,
    streamingUri: `/pools/default/bucketsStreaming/${encodeURIComponent(name)}?bucket_uuid=${uuid}`,
    localRandomKeyUri: `${path}/localRandomKey`,
    controllers: {
      ...(settings.flush ? { flush: `${path}/controller/doFlush` } : {}),
      compactAll: `${path}/controller/compactBucket`,
    },
    nodes: nodeDocuments(from),
    ddocs: { uri: `${path}/ddocs` },
    collectionsManifestUid: bucket.manifest.uid.toString(16),
    ...mapFields(from, bucket),
    replicaNumber: settings.replicas,
    ...(settings.storageBackend === 'couchstore' && { replicaIndex: settings.replicaIndex }),
    quota: { ram: quota * cluster.nodes.length, rawRAM: quota },
    basicStats: { quotaPercentUsed: 0, opsPerSec: 0, diskFetches: 0, itemCount, diskUsed: 0, dataUsed: 0, memUsed: 0 },
    evictionPolicy: settings.evictionPolicy,
    conflictResolutionType: settings.conflictResolution,
    durabilityMinLevel: settings.durabilityMinLevel,
    storageBackend: settings.storageBackend,
    maxTTL: settings.maxTtl,
    compressionMode: settings.compressionMode,
    numVBuckets: settings.vbuckets,
    bucketCapabilitiesVer: '',
    bucketCapabilities: bucketCapabilities(settings, cluster.plan.features),
    ...(settings.storageBackend === 'magma' && historyFields(settings.history)),
  };
}

function historyFields({ seconds, bytes, isDefault }: HistorySettings): object {
  return {
    historyRetentionSeconds: seconds,
    historyRetentionBytes: bytes,
    historyRetentionCollectionDefault: isDefault,
  };
}

function mapFields(from: Viewpoint, { settings, vbucketMap }: ManagedBucket): object {
  const serverList = from.cluster.nodes.map((node) => hostPort(hostnameFor(from, node), node.ports.kv));
  return {
    nodeLocator: 'vbucket',
    vBucketServerMap: {
      hashAlgorithm: 'CRC',
      numReplicas: settings.replicas,
      serverList,
      vBucketMap: vbucketMap,
    },
  };
}

/** Where a client finds a node: one without a name is on the machine that the client has reached already. */
export function hostnameFor({ reachedBy }: Pick<Viewpoint, 'reachedBy'>, node: NodeAddress): string {
  return node.isUnnamed ? reachedBy : node.hostname;
}

function nodeDocuments(from: Viewpoint): object[] {
  const { cluster, self } = from;
  return cluster.nodes.map((node, index) => nodeDocument(node, hostnameFor(from, node), { cluster, index, self }));
}

function nodeDocument(
  { ports }: NodeAddress,
  hostname: string,
  { cluster, index, self }: { readonly cluster: ManagedCluster; readonly index: number; readonly self: number },
): object {
  return {
    hostname: hostPort(hostname, ports.mgmt),
    configuredHostname: hostPort(hostname, ports.mgmt),
    otpNode: `n_${index}@${hostname}`,
    ...(index === self ? { thisNode: true } : {}),
    couchApiBase: `http://${hostPort(hostname, ports.capi)}/`,
    status: 'healthy',
    clusterMembership: 'active',
    version: cluster.plan.version,
    os: process.platform,
    services: ['kv'],
    ports: { direct: ports.kv, httpsMgmt: ports.mgmtSSL ?? 0, httpsCAPI: ports.capiSSL ?? 0 },
  };
}

import { type ClusterNode, readExtNode, readListedNode, readPlainNode, withoutBrackets } from './cluster-node.js';
import { ProtocolError } from './errors/client-errors.js';
import { asArray, asInteger, asObject, asText, asTexts, type JsonObject, optional, parseJson } from './json-fields.js';

/** An index that stands for no node: the vbucket does not have that copy at the moment. */
export const NO_NODE = -1;

/** The copies of all vbuckets: `copies` node indexes for each, the active copy first, NO_NODE where there is none. */
interface VbucketTable {
  readonly nodeOf: Int16Array;
  readonly copies: number;
}

const NO_VBUCKETS: VbucketTable = { nodeOf: new Int16Array(0), copies: 1 };
/**
 * What a configuration may have. Servers have far less: 1,024 vbuckets or 128, 3 replicas, some hundred nodes. The limits
 * keep a client that is sent nonsense from memory and connections without end.
 */
const LIMITS = { bytes: 8 * 1024 * 1024, vbuckets: 65_536, copies: 4, nodes: 1024 };
const WHAT = 'the cluster configuration';

/**
 * One revision of a cluster's configuration: its nodes, and for a bucket the place of every vbucket. It never changes;
 * a newer revision is another map.
 *
 * Source: the SDK RFCs 0005, 0024 and 0048, and the answers of the server to GET_CLUSTER_CONFIG.
 */
export class ClusterMap {
  /** The number of times that the cluster lost its history (RFC 0048); 0 from servers that do not report it. */
  readonly revEpoch: number;
  /** The number of changes within the epoch; 0 from servers that do not report it. */
  readonly rev: number;
  /** All nodes. */
  readonly nodes: readonly ClusterNode[];
  /** The nodes with the bucket's data, which vbuckets refer to; without a bucket, all nodes with the KV service. */
  readonly kvNodes: readonly ClusterNode[];
  /** The bucket's name; undefined in the configuration of the cluster itself. */
  readonly bucket: string | undefined;
  /** The id of the bucket, which one of the same name made later does not share. */
  readonly bucketUuid: string | undefined;
  /** How keys are mapped to nodes: `vbucket`, or `ketama` in old memcached buckets; undefined without a bucket. */
  readonly nodeLocator: string | undefined;
  /** The configured number of replicas of the bucket; there may be fewer at the moment. */
  readonly numReplicas: number;
  /** The number of vbuckets. 0 means "not yet": the bucket is being created. */
  readonly vbuckets: number;
  /** What the bucket can do, in the words of the server. */
  readonly bucketCapabilities: ReadonlySet<string>;
  /** Capabilities by service, such as `n1ql` -> `enhancedPreparedStatements`. */
  readonly clusterCapabilities: ReadonlyMap<string, ReadonlySet<string>>;
  /** The revision of the bucket's scopes and collections; undefined when the server does not report it. */
  readonly collectionsManifestUid: bigint | undefined;
  readonly #active: VbucketTable;
  readonly #forward: VbucketTable | undefined;

  private constructor(config: JsonObject, reachedBy: string) {
    const server = optional(config['vBucketServerMap'], 'vBucketServerMap', asObject);
    this.revEpoch = optional(config['revEpoch'], 'revEpoch', asCount) ?? 0;
    this.rev = optional(config['rev'], 'rev', asCount) ?? 0;
    this.nodes = Object.freeze(readNodes(config, server, reachedBy));
    this.bucket = optional(config['name'], 'name', asText);
    this.bucketUuid = optional(config['uuid'], 'uuid', asText);
    this.nodeLocator = optional(config['nodeLocator'], 'nodeLocator', asText) ?? (server ? 'vbucket' : undefined);
    this.kvNodes = Object.freeze(readKvNodes(config, server, this.nodes));
    this.bucketCapabilities = new Set(optional(config['bucketCapabilities'], 'bucketCapabilities', asTexts));
    this.clusterCapabilities = readClusterCapabilities(config['clusterCapabilities']);
    this.collectionsManifestUid = optional(config['collectionsManifestUid'], 'collectionsManifestUid', asHexUid);

    const nodeCount = this.kvNodes.length;
    this.#active = readTable(server?.['vBucketMap'], 'vBucketServerMap.vBucketMap', nodeCount) ?? NO_VBUCKETS;
    this.#forward = readTable(server?.['vBucketMapForward'], 'vBucketServerMap.vBucketMapForward', nodeCount);
    const { nodeOf, copies } = this.#active;
    this.vbuckets = nodeOf.length / copies;
    this.numReplicas = optional(server?.['numReplicas'], 'vBucketServerMap.numReplicas', asCount) ?? copies - 1;
    if (this.#forward !== undefined && this.#forward.nodeOf.length / this.#forward.copies !== this.vbuckets) {
      throw new ProtocolError('vBucketServerMap.vBucketMapForward and vBucketMap have different numbers of vbuckets');
    }
  }

  /**
   * Parses a configuration of the server: of at most 8 MiB, 1,024 nodes, 65,536 vbuckets, and 4 copies of each.
   * @param reachedBy the host name or address of the connection to the sending node, for nodes that do not name
   * themselves.
   * @throws ProtocolError naming the invalid field and the reason.
   */
  static parse(json: string | Uint8Array, reachedBy: string): ClusterMap {
    checkCount(json.length, LIMITS.bytes, WHAT, 'bytes');
    return new ClusterMap(asObject(parseJson(json, WHAT), WHAT), withoutBrackets(reachedBy));
  }

  /** Whether this revision is later than the other. Any is later than undefined, and none is later than itself. */
  isNewerThan(other: ClusterMap | undefined): boolean {
    if (other === undefined) return true;
    return this.revEpoch === other.revEpoch ? this.rev > other.rev : this.revEpoch > other.revEpoch;
  }

  /** Returns the index of the node with the active copy of the vbucket; NO_NODE when there is none now. */
  activeOf(vbucket: number): number {
    return copyOf(this.#active, vbucket, 0);
  }

  /**
   * Returns the index of the node with a replica of the vbucket; NO_NODE when there is none now.
   * @param replica counts from 0, up to `numReplicas` - 1.
   */
  replicaOf(vbucket: number, replica: number): number {
    return copyOf(this.#active, vbucket, 1 + replica);
  }

  /** Returns the indexes of the nodes with a replica of the vbucket, in order. */
  replicasOf(vbucket: number): number[] {
    const found: number[] = [];
    for (let copy = 1; copy < this.#active.copies; copy++) {
      const index = copyOf(this.#active, vbucket, copy);
      if (index !== NO_NODE) found.push(index);
    }
    return found;
  }

  /** Whether a rebalance is in progress and the server has reported the vbucket map after it (RFC 0005). */
  get hasForwardMap(): boolean {
    return this.#forward !== undefined;
  }

  /** Returns the index of the node with the active copy after the current rebalance; NO_NODE when unknown. */
  forwardActiveOf(vbucket: number): number {
    return this.#forward === undefined ? NO_NODE : copyOf(this.#forward, vbucket, 0);
  }
}

function copyOf(table: VbucketTable, vbucket: number, copy: number): number {
  const { nodeOf, copies } = table;
  return copy < copies ? (nodeOf[vbucket * copies + copy] ?? NO_NODE) : NO_NODE;
}

function readNodes(config: JsonObject, server: JsonObject | undefined, reachedBy: string): ClusterNode[] {
  const ext = optional(config['nodesExt'], 'nodesExt', asArray);
  const plain = optional(config['nodes'], 'nodes', asArray);
  const listed = optional(server?.['serverList'], 'vBucketServerMap.serverList', asArray);
  const nodes =
    ext?.map((entry, index) => readExtNode(entry, index, reachedBy)) ??
    plain?.map((entry, index) => readPlainNode(entry, index, reachedBy)) ??
    listed?.map((entry, index) => readListedNode(entry, index, reachedBy)) ??
    [];
  checkCount(nodes.length, LIMITS.nodes, WHAT, 'nodes');
  if (nodes.length === 0) throw new ProtocolError(`${WHAT} names no nodes: nodesExt is missing or empty`);
  return nodes;
}

/**
 * Returns the nodes with the bucket. The entries of `nodesExt` that correspond to `nodes` (or to `serverList`) have it;
 * those after them have other services, or KV for a bucket that is not on them yet.
 */
function readKvNodes(
  config: JsonObject,
  server: JsonObject | undefined,
  nodes: readonly ClusterNode[],
): readonly ClusterNode[] {
  const plain = optional(config['nodes'], 'nodes', asArray);
  const listed = optional(server?.['serverList'], 'vBucketServerMap.serverList', asArray);
  const count = listed?.length ?? plain?.length;
  if (count === undefined) return server === undefined ? nodes.filter(offersKv) : [...nodes];
  if (count > nodes.length) {
    const source = listed === undefined ? 'nodes' : 'vBucketServerMap.serverList';
    throw new ProtocolError(`${source} has ${count} nodes, but nodesExt only ${nodes.length}`);
  }
  return nodes.slice(0, count);
}

function offersKv(node: ClusterNode): boolean {
  return node.plain.kv !== undefined || node.tls.kv !== undefined;
}

function readTable(value: unknown, path: string, nodeCount: number): VbucketTable | undefined {
  const given = optional(value, path, asArray) ?? [];
  checkCount(given.length, LIMITS.vbuckets, path, 'vbuckets');
  const rows = given.map((row, vbucket) => asArray(row, `${path}[${vbucket}]`));
  if (rows.length === 0) return undefined;
  rows.forEach((row, vbucket) => void checkCount(row.length, LIMITS.copies, `${path}[${vbucket}]`, 'copies'));
  // The length of a row depends on the current replicas, and may differ between vbuckets while their number changes.
  const copies = rows.reduce((longest, row) => Math.max(longest, row.length), 1);
  const nodeOf = new Int16Array(rows.length * copies).fill(NO_NODE);
  const last = nodeCount - 1;
  rows.forEach((row, vbucket) => {
    row.forEach((index, copy) => {
      nodeOf[vbucket * copies + copy] = asInteger(index, `${path}[${vbucket}][${copy}]`, NO_NODE, last);
    });
  });
  return { nodeOf, copies };
}

/** @throws ProtocolError when there are more than the limit. */
function checkCount(count: number, max: number, where: string, what: string): void {
  if (count > max) throw new ProtocolError(`${where} has ${count} ${what}; ${max} are the limit`);
}

function readClusterCapabilities(value: unknown): ReadonlyMap<string, ReadonlySet<string>> {
  const path = 'clusterCapabilities';
  const entries = Object.entries(optional(value, path, asObject) ?? {});
  return new Map(entries.map(([service, names]) => [service, new Set(asTexts(names, `${path}.${service}`))]));
}

function asCount(value: unknown, path: string): number {
  return asInteger(value, path, 0, Number.MAX_SAFE_INTEGER);
}

function asHexUid(value: unknown, path: string): bigint {
  const text = asText(value, path);
  if (!/^[0-9a-f]{1,16}$/i.test(text))
    throw new ProtocolError(`${path} must be up to 16 hex digits, but is ${JSON.stringify(text)}`);
  return BigInt(`0x${text}`);
}

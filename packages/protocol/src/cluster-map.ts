import { type ClusterNode, readExtNode, readListedNode, readPlainNode, withoutBrackets } from './cluster-node.js';
import { ProtocolError } from './errors/client-errors.js';
import { asArray, asInteger, asObject, asText, asTexts, type JsonObject, optional, parseJson } from './json-fields.js';

/** The index of no node: the vbucket has no such copy at the moment. */
export const NO_NODE = -1;

/** Every copy of every vbucket: `copies` node indexes per vbucket, the active one first, NO_NODE where there is none. */
interface VbucketTable {
  readonly nodeOf: Int16Array;
  readonly copies: number;
}

const NO_VBUCKETS: VbucketTable = { nodeOf: new Int16Array(0), copies: 1 };
const INT16_MAX = 0x7fff;
const WHAT = 'the cluster configuration';

/**
 * One revision of a cluster's configuration: its nodes, and for a bucket the place of every vbucket. It never changes;
 * a newer revision is another map.
 *
 * Source: the SDK RFCs 0005, 0024 and 0048, and the answers of the server to GET_CLUSTER_CONFIG.
 */
export class ClusterMap {
  /** How often the cluster lost its history (RFC 0048); 0 from servers that do not say. */
  readonly revEpoch: number;
  /** Counts up with every change within an epoch; 0 from servers that do not say. */
  readonly rev: number;
  /** All nodes. */
  readonly nodes: readonly ClusterNode[];
  /** The nodes that carry the bucket's data, those that vbuckets name; without a bucket, all that offer KV. */
  readonly kvNodes: readonly ClusterNode[];
  /** The bucket's name; undefined in the configuration of the cluster itself. */
  readonly bucket: string | undefined;
  readonly bucketUuid: string | undefined;
  /** How keys find their node: `vbucket`, or `ketama` in the memcached buckets of old; undefined without a bucket. */
  readonly nodeLocator: string | undefined;
  /** How many replicas the bucket should have; there may be fewer at the moment. */
  readonly numReplicas: number;
  /** How many vbuckets there are. 0 means "not yet": the bucket is still being set up. */
  readonly vbuckets: number;
  readonly bucketCapabilities: ReadonlySet<string>;
  /** By service, as `n1ql` -> `enhancedPreparedStatements`. */
  readonly clusterCapabilities: ReadonlyMap<string, ReadonlySet<string>>;
  /** The revision of the bucket's scopes and collections; undefined when the server does not say. */
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
   * Reads a configuration as the server sends it.
   * @param reachedBy the host name or address by which the sending node was reached, for nodes that do not name themselves.
   * @throws ProtocolError saying which field is wrong and how.
   */
  static parse(json: string | Uint8Array, reachedBy: string): ClusterMap {
    return new ClusterMap(asObject(parseJson(json, WHAT), WHAT), withoutBrackets(reachedBy));
  }

  /** Whether this is a later revision than the other; any is later than none, and none is later than itself. */
  isNewerThan(other: ClusterMap | undefined): boolean {
    if (other === undefined) return true;
    return this.revEpoch === other.revEpoch ? this.rev > other.rev : this.revEpoch > other.revEpoch;
  }

  /** The index of the node that holds the active copy of the vbucket; NO_NODE when there is none now. */
  activeOf(vbucket: number): number {
    return copyOf(this.#active, vbucket, 0);
  }

  /**
   * The index of the node that holds a replica of the vbucket; NO_NODE when there is none now.
   * @param replica counts from 0, up to `numReplicas` - 1.
   */
  replicaOf(vbucket: number, replica: number): number {
    return copyOf(this.#active, vbucket, 1 + replica);
  }

  /** The indexes of the nodes that hold a replica of the vbucket now, in order. */
  replicasOf(vbucket: number): number[] {
    const found: number[] = [];
    for (let copy = 1; copy < this.#active.copies; copy++) {
      const index = copyOf(this.#active, vbucket, copy);
      if (index !== NO_NODE) found.push(index);
    }
    return found;
  }

  /** True while a rebalance goes on and the server has said where the vbuckets will be after it (RFC 0005). */
  get hasForwardMap(): boolean {
    return this.#forward !== undefined;
  }

  /** Where the active copy of the vbucket will be after the rebalance that goes on; NO_NODE when that is not known. */
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
  if (nodes.length === 0) throw new ProtocolError(`${WHAT} names no nodes: nodesExt is missing or empty`);
  return nodes;
}

/**
 * The entries of `nodesExt` that line up with `nodes` (or with `serverList`) carry the bucket; those after them offer
 * other services, or KV for a bucket that is not yet spread to them.
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
  const rows = optional(value, path, asArray)?.map((row, vbucket) => asArray(row, `${path}[${vbucket}]`));
  if (rows === undefined || rows.length === 0) return undefined;
  // Rows are as long as there are replicas now, which may differ from one vbucket to the next while that number changes.
  const copies = rows.reduce((longest, row) => Math.max(longest, row.length), 1);
  const nodeOf = new Int16Array(rows.length * copies).fill(NO_NODE);
  const last = Math.min(nodeCount - 1, INT16_MAX);
  rows.forEach((row, vbucket) => {
    row.forEach((index, copy) => {
      nodeOf[vbucket * copies + copy] = asInteger(index, `${path}[${vbucket}][${copy}]`, NO_NODE, last);
    });
  });
  return { nodeOf, copies };
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

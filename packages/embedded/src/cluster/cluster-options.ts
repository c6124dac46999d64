import { randomBytes } from 'node:crypto';
import { ArgumentError } from '@cb/protocol';
import type { UserOptions } from '../auth/user.js';
import { checkFields, integerOption, lagOption } from '../base/check-options.js';
import {
  type BucketDefaults,
  type BucketOptions,
  type BucketSettings,
  bucketSettings,
  checkBucketName,
  VBUCKETS_DEFAULT,
} from '../config/bucket-settings.js';
import { FEATURES } from '../config/features.js';
import { REPLICAS_MAX, VBUCKETS_MAX } from '../config/vbucket-map.js';
import type { ServerNetwork } from '../net/server-network.js';
import { type QueryServiceOptions, type QuerySettings, querySettings } from '../query/query-settings.js';
import {
  DISK_DEFAULT,
  DISK_OPTION_NAMES,
  type DiskOptions,
  type DiskSettings,
  diskSettings,
} from '../store/disk-options.js';
import type { Clock } from '../time/clock.js';
import { SystemClock } from '../time/system-clock.js';
import { type ServerIdentity, selfSigned } from '../tls/certificate.js';
import type { SandboxLimits } from '../views/sandbox/sandbox.js';
import { hostnameOf, isLoopback } from './node-address.js';

/** Maximum number of nodes of a cluster. */
export const NODES_MAX = 64;

/** Options of an embedded cluster. All have defaults; those about the disk are defaults of its buckets. */
export interface ClusterOptions extends DiskOptions {
  /** Number of nodes, 1 to 64. Default 1. */
  readonly nodes?: number | undefined;
  /** Number of replicas of each vbucket, 0 to 3; a default of the buckets. Default 1, with one node 0. */
  readonly replicas?: number | undefined;
  /** Number of vbuckets, 1 to 32,768; a default of the buckets. Default 64. */
  readonly vbuckets?: number | undefined;
  /** The buckets: names, or options by name. Default one bucket, `default`. */
  readonly buckets?: string | readonly string[] | Readonly<Record<string, BucketOptions>> | undefined;
  /**
   * The users by name. Default `Administrator` with the password `password` and the role `admin`. The first one is the
   * cluster's own. The first with the role `admin` is the built-in administrator, which a server does not list among
   * its users.
   */
  readonly users?: Readonly<Record<string, UserOptions>> | undefined;
  /**
   * Connections start as this user, with the first bucket that the user may use selected, for clients without users and
   * buckets, like those of memcached. Default none.
   */
  readonly anonymous?: string | undefined;
  /**
   * Where the nodes listen. `random`, the default: at free ports. `default`: the first at 11210 (KV), 8091 (management),
   * 8092 (views) and 8093 (queries), each further one ten higher. A number: from there on, in the order KV, management,
   * views, queries. With `tls` come those with TLS: 11207, 18091, 18092 and 18093, or the next four.
   */
  readonly ports?: 'random' | 'default' | number | undefined;
  /**
   * Serves over TLS too, at separate ports, with a certificate that is created at the start and that clients must be
   * told to trust: `EmbeddedCluster.certificate`. Default false.
   */
  readonly tls?: boolean | undefined;
  /** The address to listen at, which is also the one given to clients. Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** The seed of uuids, nonces and samples. Default random. */
  readonly seed?: number | undefined;
  /** The clock of expiry, locks, CAS values and lags. Default the system's. */
  readonly clock?: Clock | undefined;
  /** Milliseconds until a mutation arrives at the replicas. Default 0: at once. */
  readonly replicationLagMs?: number | undefined;
  /** Milliseconds until a mutation counts as persisted, `Infinity` for never. Default 0. */
  readonly persistenceLagMs?: number | undefined;
  /** The server's version. Default `7.2.4-0000`, the release whose behaviour is copied. */
  readonly version?: string | undefined;
  /** Codes of the HELLO features that may be granted. Default all that are served: see `FEATURES`. */
  readonly features?: readonly number[] | undefined;
  /**
   * Omits the map from NOT_MY_VBUCKET when the client negotiated that and has it. Default false, as the official SDK
   * then waits for its next poll.
   */
  readonly dedupeMaps?: boolean | undefined;
  /** Iterations of SCRAM, 1 to 1,000,000. Default 4,000, as in servers before 7.6: clients need not accept fewer. */
  readonly scramIterations?: number | undefined;
  /** The secret from which the salts of unknown users are derived, in base64. Default random. */
  readonly fallbackSalt?: string | undefined;
  /**
   * False omits the cluster manager: no configuration is distributed, and no vbucket has a topology, so that nothing
   * durable is possible, until an administrator uses SET_CLUSTER_CONFIG and SET_VBUCKET. Default true.
   */
  readonly clusterManager?: boolean | undefined;
  /** Whether the servers keep an otherwise idle process alive. Default false. */
  readonly keepAlive?: boolean | undefined;
  /** The network on which the nodes listen, instead of sockets of this machine. */
  readonly network?: ServerNetwork | undefined;
  /**
   * Limits of map and reduce functions: milliseconds for one batch of documents or values, bytes of memory. Default
   * 1000 and 64 MiB.
   */
  readonly viewLimits?: Partial<SandboxLimits> | undefined;
  /** Options of the query service. */
  readonly queries?: QueryServiceOptions | undefined;
  /** Receives warnings about unsupported requests and about views, each once. Default `process.emitWarning`. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

const OPTION_NAMES = [
  'nodes',
  'replicas',
  'vbuckets',
  'buckets',
  'users',
  'anonymous',
  'ports',
  'tls',
  'host',
  'seed',
  'clock',
  'replicationLagMs',
  'persistenceLagMs',
  'version',
  'features',
  'dedupeMaps',
  'scramIterations',
  'fallbackSalt',
  'clusterManager',
  'keepAlive',
  'network',
  'viewLimits',
  'queries',
  'onWarning',
  ...DISK_OPTION_NAMES,
] as const satisfies readonly (keyof ClusterOptions)[];

/** Settings that are internal to the cluster. */
export interface ClusterSecrets {
  readonly users: Readonly<Record<string, UserOptions>>;
  /** The certificate of the nodes for TLS; undefined without it. */
  readonly identity: ServerIdentity | undefined;
  readonly fallbackSalt: Buffer;
}

/** The other options, with all defaults. */
export interface ClusterPlan {
  readonly nodes: number;
  readonly replicas: number;
  readonly vbuckets: number;
  readonly buckets: readonly BucketPlan[];
  /** The name of the built-in administrator; undefined when no user has the role. */
  readonly administrator: string | undefined;
  readonly anonymous: string | undefined;
  readonly ports: 'random' | 'default' | number;
  readonly tls: boolean;
  readonly host: string;
  readonly seed: number;
  readonly clock: Clock;
  readonly replicationLagMs: number;
  readonly persistenceLagMs: number;
  readonly disk: DiskSettings;
  readonly version: string;
  readonly features: ReadonlySet<number>;
  readonly dedupeMaps: boolean;
  readonly scramIterations: number;
  readonly clusterManager: boolean;
  readonly keepAlive: boolean;
  readonly network: ServerNetwork | undefined;
  readonly viewLimits: SandboxLimits;
  readonly queries: QuerySettings;
  readonly onWarning: (message: string) => void;
}

export interface BucketPlan {
  readonly name: string;
  readonly settings: BucketSettings;
  readonly collections: Readonly<Record<string, readonly string[]>>;
}

const HOST_DEFAULT = '127.0.0.1';
const USERS_DEFAULT = { Administrator: { password: 'password', roles: ['admin'] } };

/**
 * Checks the options.
 * @throws ArgumentError for an unknown option, a wrong type or a value out of range.
 */
export function clusterPlan(options: ClusterOptions): ClusterPlan & { readonly secrets: ClusterSecrets } {
  checkFields(options, OPTION_NAMES, 'options');
  const nodes = integerOption(options.nodes, 'nodes', 1, NODES_MAX, 1);
  const replicas = integerOption(options.replicas, 'replicas', 0, REPLICAS_MAX, Math.min(1, nodes - 1));
  const vbuckets = integerOption(options.vbuckets, 'vbuckets', 1, VBUCKETS_MAX, VBUCKETS_DEFAULT);
  const disk = diskSettings(options, DISK_DEFAULT);
  const users: ClusterSecrets['users'] = options.users ?? USERS_DEFAULT;
  checkUsers(users);
  return {
    nodes,
    replicas,
    vbuckets,
    buckets: bucketPlans(options.buckets ?? 'default', { replicas, vbuckets, disk }),
    administrator: Object.keys(users).find((name) => users[name]!.roles?.includes('admin')),
    anonymous: anonymousOption(options.anonymous, users),
    ports: portsOption(options.ports),
    tls: options.tls ?? false,
    host: options.host ?? HOST_DEFAULT,
    seed: integerOption(
      options.seed,
      'seed',
      Number.MIN_SAFE_INTEGER,
      Number.MAX_SAFE_INTEGER,
      randomBytes(6).readUIntBE(0, 6),
    ),
    clock: options.clock ?? new SystemClock(),
    replicationLagMs: lagOption(options.replicationLagMs, 'replicationLagMs'),
    persistenceLagMs: lagOption(options.persistenceLagMs, 'persistenceLagMs'),
    disk,
    version: options.version ?? '7.2.4-0000',
    features: featuresOption(options.features),
    dedupeMaps: options.dedupeMaps ?? false,
    scramIterations: integerOption(options.scramIterations, 'scramIterations', 1, 1_000_000, 4000),
    clusterManager: options.clusterManager ?? true,
    keepAlive: options.keepAlive ?? false,
    network: options.network,
    viewLimits: viewLimits(options.viewLimits ?? {}),
    queries: querySettings(options.queries ?? {}),
    onWarning: options.onWarning ?? ((message) => process.emitWarning(message, 'EmbeddedClusterWarning')),
    secrets: {
      users,
      identity: identityOption(options),
      fallbackSalt: options.fallbackSalt === undefined ? randomBytes(16) : Buffer.from(options.fallbackSalt, 'base64'),
    },
  };
}

/** Returns a warning for a cluster that other machines can reach with the default password. */
export function exposureOf({ host, network }: ClusterPlan, { users }: ClusterSecrets): string | undefined {
  const isDefault = users['Administrator']?.password === USERS_DEFAULT.Administrator.password;
  if (network !== undefined || isLoopback(host) || !isDefault) return undefined;
  return `the cluster listens at ${host}, and others than this machine may know the default password`;
}

function checkUsers(users: Readonly<Record<string, UserOptions>>): void {
  if (Object.keys(users).length === 0) throw new ArgumentError('users must have at least one user');
  for (const [name, user] of Object.entries(users)) {
    checkFields(user, ['password', 'roles', 'privileges', 'salts', 'displayName', 'groups'], `users.${name}`);
  }
}

function viewLimits(limits: Partial<SandboxLimits>): SandboxLimits {
  checkFields(limits, ['timeMs', 'memoryBytes'], 'viewLimits');
  return {
    timeMs: integerOption(limits.timeMs, 'viewLimits.timeMs', 1, 60_000, 1000),
    memoryBytes: integerOption(
      limits.memoryBytes,
      'viewLimits.memoryBytes',
      1024 * 1024,
      1024 * 1024 * 1024,
      64 * 1024 * 1024,
    ),
  };
}

function anonymousOption(name: string | undefined, users: Readonly<Record<string, UserOptions>>): string | undefined {
  if (name === undefined || Object.hasOwn(users, name)) return name;
  throw new ArgumentError(`anonymous: there is no user ${JSON.stringify(name)} among the users`);
}

function bucketPlans(buckets: NonNullable<ClusterOptions['buckets']>, defaults: BucketDefaults): BucketPlan[] {
  const named = typeof buckets === 'string' ? [buckets] : buckets;
  const byName: Readonly<Record<string, BucketOptions>> = isNames(named)
    ? Object.fromEntries(named.map((name) => [name, {}]))
    : named;
  return Object.entries(byName).map(([name, options]) => {
    checkBucketName(name);
    return { name, settings: bucketSettings(name, options, defaults), collections: options.collections ?? {} };
  });
}

function isNames(buckets: readonly string[] | Readonly<Record<string, BucketOptions>>): buckets is readonly string[] {
  return Array.isArray(buckets);
}

function portsOption(ports: ClusterOptions['ports']): 'random' | 'default' | number {
  if (ports === undefined || ports === 'random' || ports === 'default') return ports ?? 'random';
  if (typeof ports === 'number') return integerOption(ports, 'ports', 1, 65_000, 0);
  throw new ArgumentError(`ports must be 'random', 'default' or a number, not ${JSON.stringify(ports)}`);
}

function identityOption({ tls = false, network, host }: ClusterOptions): ServerIdentity | undefined {
  if (typeof tls !== 'boolean') throw new ArgumentError(`tls must be true or false, not ${JSON.stringify(tls)}`);
  if (tls && network !== undefined) throw new ArgumentError('tls needs sockets: it cannot go together with network');
  return tls ? selfSigned(['localhost', '127.0.0.1', '::1', hostnameOf(host ?? HOST_DEFAULT)]) : undefined;
}

function featuresOption(features: readonly number[] | undefined): ReadonlySet<number> {
  for (const feature of features ?? []) {
    if (!FEATURES.includes(feature)) throw new ArgumentError(`features: 0x${feature.toString(16)} is not served`);
  }
  return new Set(features ?? FEATURES);
}

import { ArgumentError, type ConnectionScheme, defaultPort, parseConnectionString, type SeedHost } from '@cb/protocol';
import { type ResolvedConnectionOptions, resolveConnectionOptions } from '@cb/protocol/internal';
import { Credentials } from '../connection/credentials.js';
import { KeysOnWire } from '../connection/keys-on-wire.js';
import { SaltedPasswords } from '../connection/salted-passwords.js';
import { TlsSettings } from '../connection/tls-settings.js';
import type { IOPS, SocketOptions, TlsTarget } from '../iops/iops.js';
import { checkIops } from '../iops/iops-claim.js';
import { NodeIOPS } from '../iops/node-iops.js';
import type { OperationContext } from '../operation/context.js';
import { bestEffort, checkRetry, type RetryStrategy } from '../operation/retry-strategy.js';
import { type CircuitBreakerOptions, checkCircuitBreaker } from '../routing/circuit-breaker.js';
import type { RouterSettings } from '../routing/router-settings.js';
import type { Seeds } from '../routing/seed-bootstrap.js';
import { AGENT } from '../values/agent.js';
import { checkBoolean, checkOptions, checkTimeout, describe } from '../values/argument-checks.js';
import type { CompressionSettings } from '../values/compression.js';
import {
  checkFormat,
  checkTranscoder,
  defaultTranscoder,
  FMT_JSON,
  type Format,
  type Transcoder,
} from '../values/transcoder.js';
import type { ServiceSettings } from './bucket-services.js';

/** Certificates in PEM, as texts. */
export interface TlsOptions {
  /** Those to trust, instead of the ones that Node trusts. */
  readonly ca?: string | undefined;
  /** The client's own, with its key. */
  readonly cert?: string | undefined;
  /** The private key of the client certificate, PEM. */
  readonly key?: string | undefined;
}

/** Options of a bucket, besides its connection string. */
export interface RawBucketOptions {
  /** With `password`. Absent for servers without authentication, and with a client certificate. */
  readonly username?: string | undefined;
  /** The password. */
  readonly password?: string | undefined;
  /** The bucket, instead of in the connection string. */
  readonly bucket?: string | undefined;
  /** Whether missing documents are results instead of errors. Default false. */
  readonly quiet?: boolean | undefined;
  /** How values are stored. Default FMT_JSON. */
  readonly defaultFormat?: Format | undefined;
  /**
   * Converts values to bytes and back. Default: the common formats of the official SDKs, in which integers beyond 2^53
   * are rounded as `JSON.parse` does; `bigIntegerTranscoder` keeps every digit.
   */
  readonly transcoder?: Transcoder | undefined;
  /** Milliseconds until an operation fails. Default 2,500. */
  readonly timeout?: number | undefined;
  /** Milliseconds until connecting fails. Default 10,000. */
  readonly connectTimeout?: number | undefined;
  /**
   * Certificates in PEM: those to trust, and the client's own with its key. For `couchbases://` only. `ArgumentError` when
   * they cannot be used.
   */
  readonly tls?: TlsOptions | undefined;
  /** Whether open connections keep the process alive; operations in flight always do. Default false. */
  readonly keepAlive?: boolean | undefined;
  /** Decides which refused operations are retried, and when. Default `bestEffort`. */
  readonly retry?: RetryStrategy | undefined;
  /** Maximum number of operations that wait for one connection; more fail with `QueueFullError`. Default 250,000. */
  readonly queueMax?: number | undefined;
  /**
   * Maximum size of the values of these operations, in bytes (characters, where a value is text); more fail likewise.
   * Default 268,435,456, which is 256 MiB. A single value is accepted at any size.
   */
  readonly queueBytesMax?: number | undefined;
  /**
   * Makes operations for nodes that do not answer fail fast. Default: no circuit breaker; `{}` enables one with all
   * defaults.
   */
  readonly circuitBreaker?: CircuitBreakerOptions | undefined;
  /** The I/O of the core; each bucket needs one of its own. Default: a new `NodeIOPS`. */
  readonly iops?: IOPS | undefined;
}

const OPTIONS = [
  'username',
  'password',
  'bucket',
  'quiet',
  'defaultFormat',
  'transcoder',
  'timeout',
  'connectTimeout',
  'tls',
  'keepAlive',
  'retry',
  'queueMax',
  'queueBytesMax',
  'circuitBreaker',
  'iops',
] as const;

/** Options and connection string, checked and with all defaults. */
export interface BucketSettings {
  readonly seeds: Seeds;
  readonly bucket: string;
  readonly iops: IOPS;
  readonly context: OperationContext;
  readonly router: RouterSettings;
  readonly services: ServiceSettings;
  readonly connectTimeoutMs: number;
  /** Milliseconds between two beats; 0 for none. */
  readonly beatMs: number;
}

const QUEUE_MAX = 250_000;
const QUEUE_BYTES_MAX = 256 * 1024 * 1024;
/** Maximum length of the name, in characters; the server truncates longer ones (kv_engine docs/BinaryProtocol.md, Helo). */
const AGENT_EXTRA_CHARACTERS_MAX = 120;

export function readSettings(connectionString: string, given: RawBucketOptions): BucketSettings {
  checkOptions('a bucket', given, OPTIONS);
  const { scheme, hosts, bucket: named, options: written } = parseConnectionString(connectionString);
  const options = resolveConnectionOptions(written);
  const iops = given.iops === undefined ? new NodeIOPS() : checkIops(given.iops);
  const addresses = hosts.map(({ hostname, port }) => ({ host: hostname, port: port ?? defaultPort(scheme) }));
  const protocol = scheme === 'memcached' ? 'memcached' : 'couchbase';
  const bucket = bucketName(given.bucket, named, protocol);
  const tls = tlsSettings(scheme === 'couchbases', given, options, iops);
  const agent = agentName(options.user_agent_extra);
  const router: RouterSettings = {
    protocol,
    credentials: readCredentials(given, protocol),
    bucket: protocol === 'memcached' ? undefined : bucket,
    secure: tls !== undefined,
    mechanism: options.sasl_mech_force,
    saltedPasswords: new SaltedPasswords(),
    iterationsMin: options.sasl_iterations_min,
    mutationTokens: options.enable_mutation_tokens,
    mapNotifications: options.enable_clustermap_notification,
    keysOnWire: new KeysOnWire(),
    unorderedExecution: options.enable_unordered_execution,
    userAgent: userAgent(agent, iops),
    tls,
    sockets: socketOptions(given, options),
    connectTimeoutMs: options.kv_connect_timeout,
    compression: protocol === 'memcached' ? undefined : compression(options),
    network: options.network,
    connectionsPerNode: options.num_kv_connections,
    configFloorMs: options.config_poll_floor,
    queueMax: checkCount(given.queueMax ?? QUEUE_MAX, 'queueMax'),
    queueBytesMax: checkCount(given.queueBytesMax ?? QUEUE_BYTES_MAX, 'queueBytesMax'),
    circuitBreaker: given.circuitBreaker === undefined ? undefined : checkCircuitBreaker(given.circuitBreaker),
    retry: given.retry === undefined ? bestEffort : checkRetry(given.retry),
  };
  return {
    seeds: {
      addresses:
        options.preserve_bootstrap_nodes_order || protocol === 'memcached' ? addresses : shuffled(addresses, iops),
      srv: options.enable_dns_srv ? srvName(scheme, hosts) : undefined,
      srvMs: options.dns_srv_timeout,
    },
    bucket,
    iops,
    context: readContext(given, options),
    connectTimeoutMs: timeoutOf(given.connectTimeout, 'connectTimeout', options.bootstrap_timeout),
    beatMs: protocol === 'memcached' ? 0 : options.config_poll_interval,
    router,
    services: serviceSettings(router, agent, options),
  };
}

/** The records to be looked up; undefined when the connection string names the nodes themselves (RFC 0011). */
function srvName(scheme: ConnectionScheme, hosts: readonly SeedHost[]): string | undefined {
  const [host] = hosts;
  if (scheme === 'memcached' || hosts.length !== 1 || host === undefined || host.port !== undefined) return undefined;
  // Addresses have no records, and this machine's own name is not looked up.
  const isAddress = host.hostname.includes(':') || /^[\d.]+$/.test(host.hostname);
  return isAddress || host.hostname === 'localhost' ? undefined : `_${scheme}._tcp.${host.hostname}`;
}

function serviceSettings(
  router: RouterSettings,
  userAgent: string,
  options: ResolvedConnectionOptions,
): ServiceSettings {
  const { credentials, tls, sockets, connectTimeoutMs, retry } = router;
  return {
    ...{ credentials, tls, sockets, connectTimeoutMs, retry, userAgent },
    idleMs: options.idle_http_connection_timeout,
    connectionsMax: options.max_http_connections,
    timeoutsMs: {
      views: options.view_timeout,
      query: options.query_timeout,
      search: options.search_timeout,
      mgmt: options.management_timeout,
    },
  };
}

function socketOptions(given: RawBucketOptions, options: ResolvedConnectionOptions): SocketOptions {
  const { ip_protocol: protocol, tcp_keep_alive_interval: keepAliveMs, resolve_timeout: resolveMs } = options;
  return {
    keepAliveMs: options.enable_tcp_keep_alive ? keepAliveMs : 0,
    ref: given.keepAlive === undefined ? false : checkBoolean(given.keepAlive, 'keepAlive'),
    family: protocol === 'any' ? undefined : protocol === 'force_ipv4' ? 4 : 6,
    resolveMs,
  };
}

function readContext(given: RawBucketOptions, options: ResolvedConnectionOptions): OperationContext {
  return {
    quiet: given.quiet === undefined ? false : checkBoolean(given.quiet, 'quiet'),
    defaultFormat: given.defaultFormat === undefined ? FMT_JSON : checkFormat(given.defaultFormat),
    transcoder: checkTranscoder(given.transcoder ?? defaultTranscoder),
    timeoutMs: timeoutOf(given.timeout, 'timeout', options.kv_timeout),
    durableTimeoutMs: options.kv_durable_timeout,
    endureTimeoutMs: options.durability_timeout,
    endureIntervalMs: options.durability_interval,
    replicas: 0,
  };
}

function timeoutOf(given: number | undefined, name: string, otherwise: number): number {
  return given === undefined ? otherwise : checkTimeout(given, name);
}

function bucketName(given: string | undefined, named: string | undefined, protocol: string): string {
  if (given !== undefined && named !== undefined && given !== named) {
    throw new ArgumentError(
      `bucket is ${describe(given)} in the options and ${describe(named)} in the connection string`,
    );
  }
  const bucket = given ?? named;
  if (protocol === 'memcached') {
    if (bucket !== undefined) throw new ArgumentError('memcached:// has no buckets');
    return '';
  }
  if (typeof bucket !== 'string' || bucket === '') {
    throw new ArgumentError('bucket is missing: put it behind the hosts, as in couchbase://127.0.0.1/default');
  }
  return bucket;
}

function readCredentials({ username, password }: RawBucketOptions, protocol: string): Credentials | undefined {
  if (username === undefined && password === undefined) return undefined;
  if (protocol === 'memcached') throw new ArgumentError('memcached:// takes no username and password');
  if (typeof username !== 'string' || username === '')
    throw new ArgumentError('username must be a string that is not empty');
  if (typeof password !== 'string') throw new ArgumentError('password must be a string');
  return new Credentials(username, password);
}

function tlsSettings(
  secure: boolean,
  given: RawBucketOptions,
  options: ResolvedConnectionOptions,
  iops: IOPS,
): TlsSettings | undefined {
  if (!secure) {
    if (given.tls !== undefined) throw new ArgumentError('tls needs a connection string with couchbases://');
    return undefined;
  }
  checkOptions('tls', given.tls, ['ca', 'cert', 'key']);
  const { trust_certificate: caFile } = options;
  const verify = options.tls_verify === 'peer';
  const target = { ...given.tls, verify, ...(caFile === undefined ? {} : { caFile }) };
  checkTls(iops, target);
  return new TlsSettings(target);
}

/** @throws ArgumentError for certificates that the IOPS rejects. */
function checkTls(iops: IOPS, target: TlsTarget): void {
  try {
    iops.checkTls?.(target);
  } catch (cause) {
    if (cause instanceof ArgumentError) throw cause;
    throw new ArgumentError(`tls cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function checkCount(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw new ArgumentError(`${name} must be a whole number above 0, not ${describe(value)}`);
}

function compression(options: ResolvedConnectionOptions): CompressionSettings | undefined {
  const { enable_compression, compression_min_size: minBytes, compression_min_ratio: ratioMax } = options;
  return enable_compression ? { minBytes, ratioMax } : undefined;
}

/** Returns the agent's name and an id of this client, by which it is found in the server's logs. */
function userAgent(agent: string, iops: IOPS): string {
  const id = iops.randomBytes(8).toString('hex');
  return JSON.stringify({ a: agent, i: `${id}/${id}` });
}

function agentName(extra: string | undefined): string {
  return extra === undefined ? AGENT : `${AGENT} ${extra.slice(0, AGENT_EXTRA_CHARACTERS_MAX)}`;
}

/** Returns the items in random order: clients with one connection string should not all begin with the same node. */
function shuffled<T>(items: readonly T[], iops: IOPS): T[] {
  const random = iops.randomBytes(items.length);
  return items
    .map((item, index) => ({ item, order: random[index]! }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

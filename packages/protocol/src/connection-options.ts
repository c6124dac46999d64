import { closest } from './closest.js';
import { ArgumentError } from './errors/client-errors.js';
import { readForeignOption } from './foreign-options.js';
import { type OptionSpec, readOptionValue } from './option-value.js';
import { SASL_MECHANISMS } from './sasl.js';
import { SCRAM_ITERATIONS_MAX, SCRAM_ITERATIONS_MIN } from './scram.js';

/**
 * All options of the connection string by their main name.
 *
 * Durations have a unit (`500ms`, `2.5s`, `10m`, `1h`, `1m30s`) or are whole milliseconds, as in the current official
 * SDKs. libcouchbase reads numbers without a unit as seconds: under the names that options have there, a number that
 * cannot be milliseconds needs its unit. Defaults are those of the official SDKs (RFC 0059) unless stated otherwise.
 * Equivalent options of other SDKs are read as well; those without an equivalent are errors with the reason.
 */
export const CONNECTION_OPTIONS = {
  kv_timeout: {
    type: 'duration',
    default: 2500,
    min: 1,
    aliases: ['timeout', 'operation_timeout', 'key_value_timeout'],
    description: 'How long a document operation may take, all its retries included.',
  },
  kv_durable_timeout: {
    type: 'duration',
    default: 10_000,
    min: 1,
    aliases: ['key_value_durable_timeout'],
    description: 'How long an operation with a durability level may take.',
  },
  bootstrap_timeout: {
    type: 'duration',
    default: 10_000,
    min: 1,
    aliases: ['connect_timeout', 'config_total_timeout'],
    description: 'How long connecting may take, over all hosts and attempts.',
  },
  kv_connect_timeout: {
    type: 'duration',
    default: 10_000,
    min: 1,
    aliases: ['config_node_timeout'],
    description: 'How long one connection to one node may take to be usable, authentication included.',
  },
  view_timeout: {
    type: 'duration',
    default: 75_000,
    min: 1,
    aliases: ['views_timeout'],
    description: 'How long a view query may take.',
  },
  query_timeout: { type: 'duration', default: 75_000, min: 1, description: 'How long a SQL++ query may take.' },
  search_timeout: { type: 'duration', default: 75_000, min: 1, description: 'How long a search may take.' },
  management_timeout: {
    type: 'duration',
    default: 75_000,
    min: 1,
    aliases: ['http_timeout'],
    description: 'How long a request to the management service may take.',
  },
  durability_timeout: {
    type: 'duration',
    default: 5000,
    min: 1,
    description: 'How long `endure` waits for a mutation to be persisted and replicated. Default as in libcouchbase.',
  },
  durability_interval: {
    type: 'duration',
    default: 10,
    min: 1,
    description:
      'How long `endure`, `persistTo` and `replicateTo` wait before they ask the nodes again. Default as in the Python SDK; libcouchbase has 100 ms.',
  },
  config_poll_interval: {
    type: 'duration',
    default: 2500,
    min: 0,
    description: 'How often a newer cluster map is asked for while the server does not push them; 0 for never.',
  },
  config_poll_floor: {
    type: 'duration',
    default: 50,
    min: 0,
    aliases: ['config_poll_floor_interval'],
    description:
      'Minimum time between two requests for a newer cluster map. Checks of silent connections are not counted.',
  },
  network: {
    type: 'text',
    default: 'auto',
    description: 'Which addresses of the nodes to use: `auto`, `default`, `external`, or the name of another network.',
  },
  enable_dns_srv: {
    type: 'boolean',
    default: true,
    aliases: ['dnssrv'],
    description: 'Whether a single host without a port is looked up as a DNS SRV record first (RFC 0011).',
  },
  dns_srv_timeout: {
    type: 'duration',
    default: 1500,
    min: 1,
    aliases: ['dnssrv_timeout'],
    description:
      'How long to wait for DNS SRV records, at most half of bootstrap_timeout; then the host itself is tried. The official SDK has 500 ms.',
  },
  resolve_timeout: {
    type: 'duration',
    default: 2000,
    min: 1,
    description: 'How long looking up the addresses of one host name may take.',
  },
  enable_compression: {
    type: 'boolean',
    default: false,
    description:
      'Whether values travel compressed by Snappy when the server can do it. Off by default, unlike in the native SDKs: in JavaScript it costs more CPU than all the rest of an operation, and the server inflates values for clients that do not ask. Use it when bandwidth is expensive.',
  },
  compression_min_size: {
    type: 'integer',
    default: 32,
    min: 0,
    max: 0x7fff_ffff,
    description: 'Minimum size of values to compress, in bytes (RFC 0030).',
  },
  compression_min_ratio: {
    type: 'number',
    default: 0.83,
    min: 0,
    max: 1,
    description:
      'Maximum size of a compressed value as a share of the original; larger ones are sent uncompressed (RFC 0030).',
  },
  enable_mutation_tokens: {
    type: 'boolean',
    default: true,
    aliases: ['fetch_mutation_tokens'],
    description:
      'Whether mutations return the vbucket, its uuid and the sequence number. Without them, `persistTo` and `replicateTo` observe documents by their CAS.',
  },
  enable_unordered_execution: {
    type: 'boolean',
    default: true,
    aliases: ['unordered_execution_enabled'],
    description:
      'Whether the server may execute the operations of one connection in any order, so that none waits behind another. Operations on one key keep their order either way.',
  },
  enable_clustermap_notification: {
    type: 'boolean',
    default: true,
    aliases: ['enable_cluster_config_notifications'],
    description:
      'Whether the server may push newer cluster maps. Without this, they come with refusals and every config_poll_interval.',
  },
  enable_tcp_keep_alive: {
    type: 'boolean',
    default: true,
    aliases: ['enable_tcp_keepalives', 'tcp_keepalive'],
    description: 'Whether TCP probes sockets that are silent.',
  },
  tcp_keep_alive_interval: {
    type: 'duration',
    default: 60_000,
    min: 0,
    aliases: ['tcp_keepalive_time'],
    description: 'How long a socket may be silent before TCP probes it; 0 for never.',
  },
  num_kv_connections: {
    type: 'integer',
    default: 1,
    min: 1,
    max: 64,
    aliases: ['kv_pool_size'],
    description: 'How many connections to open to every node for document operations.',
  },
  max_http_connections: {
    type: 'integer',
    default: 0,
    min: 0,
    max: 65_535,
    aliases: ['http_poolsize', 'max_perhost_http_connections'],
    description: 'Maximum number of HTTP requests in flight to one node; 0 for the default of 32.',
  },
  idle_http_connection_timeout: {
    type: 'duration',
    default: 4500,
    min: 0,
    aliases: ['http_pool_timeout'],
    description:
      'How long an idle HTTP connection is kept, but at most until half a second before the server closes it. Default as in RFC 0059; the official SDK has 1 s.',
  },
  tls_verify: {
    type: 'choice',
    default: 'peer',
    values: ['peer', 'none'],
    description: "Whether the server's certificate is checked: `peer`, or `none` (anybody may be listening then).",
  },
  trust_certificate: {
    type: 'text',
    default: undefined,
    aliases: ['truststorepath', 'certpath', 'ca_cert_path'],
    description: 'Path of a PEM file with the certificates to trust, instead of those of the runtime.',
  },
  preserve_bootstrap_nodes_order: {
    type: 'boolean',
    default: false,
    description: 'Whether hosts are tried in the order given, instead of a random one.',
  },
  sasl_mech_force: {
    type: 'choice',
    default: undefined,
    values: SASL_MECHANISMS,
    description: 'The only authentication mechanism to use, whatever the server offers.',
  },
  sasl_iterations_min: {
    type: 'integer',
    default: SCRAM_ITERATIONS_MIN,
    min: 1,
    max: SCRAM_ITERATIONS_MAX,
    description:
      'Minimum number of SCRAM iterations that is accepted. The fewer there are, the faster an impostor of the server finds the password.',
  },
  user_agent_extra: {
    type: 'text',
    default: undefined,
    aliases: ['client_string'],
    description: 'Text added to the name of this client in the logs of the server.',
  },
  ip_protocol: {
    type: 'choice',
    default: 'any',
    values: ['any', 'force_ipv4', 'force_ipv6'],
    description: 'Which addresses of a host name to use.',
  },
} as const satisfies Record<string, OptionSpec>;

/** The name of an option of a connection string. */
export type ConnectionOptionName = keyof typeof CONNECTION_OPTIONS;

/** The type of the value of an option of a connection string. */
export type ConnectionOptionValue<Name extends ConnectionOptionName> = (typeof CONNECTION_OPTIONS)[Name] extends {
  readonly values: readonly (infer Value)[];
}
  ? Value
  : (typeof CONNECTION_OPTIONS)[Name]['type'] extends 'boolean'
    ? boolean
    : (typeof CONNECTION_OPTIONS)[Name]['type'] extends 'text'
      ? string
      : number;

/** The given options, each by its main name; durations in milliseconds. */
export type ConnectionOptions = { readonly [Name in ConnectionOptionName]?: ConnectionOptionValue<Name> };

/** All options; those without a default may be undefined. */
export type ResolvedConnectionOptions = {
  readonly [Name in ConnectionOptionName]:
    | ConnectionOptionValue<Name>
    | ((typeof CONNECTION_OPTIONS)[Name]['default'] extends undefined ? undefined : never);
};

const SPECS = new Map<string, OptionSpec>(Object.entries(CONNECTION_OPTIONS));

/** The main name by accepted name. */
const NAMES = new Map<string, string>();
for (const [name, { aliases = [] }] of SPECS) for (const each of [name, ...aliases]) NAMES.set(each, name);

/** Adds the defaults of the options that are not given. */
export function resolveConnectionOptions(given: ConnectionOptions): ResolvedConnectionOptions {
  const defaults = Object.fromEntries([...SPECS].map(([name, spec]) => [name, spec.default]));
  return Object.freeze({ ...defaults, ...given }) as ResolvedConnectionOptions;
}

/**
 * Parses the options of a connection string from their decoded names and values.
 * @throws ArgumentError for an unknown or repeated option, or an invalid value.
 */
export function readConnectionOptions(entries: Iterable<readonly [name: string, value: string]>): ConnectionOptions {
  const options: Record<string, number | boolean | string> = {};
  const spelt = new Map<string, string>();
  const note = (name: string, given: string): void => {
    const earlier = spelt.get(name);
    if (earlier === given) throw new ArgumentError(`connection string: ${given} is given twice`);
    if (earlier !== undefined)
      throw new ArgumentError(`connection string: ${earlier} and ${given} are the same option`);
    spelt.set(name, given);
  };
  let position = 0;
  for (const [given, value] of entries) {
    position++;
    const name = NAMES.get(given);
    const meant = name === undefined ? readForeignOption(given, value) : [[name, value] as const];
    if (meant === undefined) throw unknownOption(given, position);
    if (name === undefined) note(given, given);
    for (const [own, text] of meant) {
      note(own, given);
      options[own] = readOptionValue(given, text, SPECS.get(own)!);
    }
  }
  return Object.freeze(options) as ConnectionOptions;
}

/** A name that does not resemble an option is not repeated: it may be a password in the wrong place. */
function unknownOption(given: string, position: number): ArgumentError {
  const meant = closest(given, NAMES.keys());
  const problem =
    meant === undefined
      ? `option ${position}, of ${given.length} characters, is unknown; the options are ${[...SPECS.keys()].join(', ')}`
      : `there is no option ${JSON.stringify(given)}; did you mean ${meant}?`;
  return new ArgumentError(`connection string: ${problem}`);
}

import { ArgumentError } from './errors/client-errors.js';

/** An option of this client, with its value as text. */
export type OptionEntry = readonly [name: string, value: string];

/** The meaning of an option of another SDK. */
type ForeignOption =
  /** The equivalent options of this client by value; none for what always holds. */
  | { readonly means: Readonly<Record<string, readonly OptionEntry[]>>; readonly because: string }
  /** The reason why there is no equivalent. */
  | { readonly refused: string };

/** A size that exceeds all values that a server stores. */
const NO_VALUE_BYTES = '2147483647';

const NO_LOG = 'this client writes no logs: errors, diagnostics and ping say what there is to know';
const NO_TRACING = 'there is no tracing here';
const NO_METRICS = 'there are no metrics here';
const NO_ANALYTICS = 'there are no analytics queries here';
const RETRIES = 'give a retry strategy as `retry` in the options of the bucket or of an operation';
const NO_GROUPS = 'reads from replicas ask every copy, and the first answer counts';

/** An option that is accepted with the value that always holds here, and no other. */
function always(because: string): ForeignOption {
  return { means: { ...same(['true', '1', 'yes', 'on']) }, because };
}

function never(because: string): ForeignOption {
  return { means: { ...same(['false', '0', 'no', 'off']) }, because };
}

function same(values: readonly string[]): Readonly<Record<string, readonly OptionEntry[]>> {
  return Object.fromEntries(values.map((value) => [value, []]));
}

function refused(because: string): ForeignOption {
  return { refused: because };
}

/**
 * Options of the official SDK, gocbcore and libcouchbase that this client does not have: their equivalents, or the
 * reason why there is none. Options under the names of `CONNECTION_OPTIONS`, and their other names, are the same
 * everywhere.
 */
const FOREIGN_OPTIONS: ReadonlyMap<string, ForeignOption> = new Map(
  Object.entries<ForeignOption>({
    compression: {
      means: {
        on: [['enable_compression', 'true']],
        off: [['enable_compression', 'false']],
        true: [['enable_compression', 'true']],
        false: [['enable_compression', 'false']],
        // Received values are inflated, sent values are never compressed.
        inflate_only: [
          ['enable_compression', 'true'],
          ['compression_min_size', NO_VALUE_BYTES],
        ],
      },
      because: 'a server that may send compressed values takes them too',
    },
    ipv6: {
      means: {
        allow: [['ip_protocol', 'any']],
        disabled: [['ip_protocol', 'force_ipv4']],
        only: [['ip_protocol', 'force_ipv6']],
      },
      because: 'ip_protocol says the same',
    },
    force_ipv4: {
      means: {
        true: [['ip_protocol', 'force_ipv4']],
        false: [['ip_protocol', 'any']],
      },
      because: 'ip_protocol says the same',
    },
    randomize_nodes: {
      means: {
        true: [['preserve_bootstrap_nodes_order', 'false']],
        false: [['preserve_bootstrap_nodes_order', 'true']],
      },
      because: 'preserve_bootstrap_nodes_order says the opposite',
    },
    ssl: {
      means: { ...same(['on', 'off']), no_verify: [['tls_verify', 'none']] },
      because: 'TLS is what couchbases:// asks for',
    },
    enable_tls: { means: same(['true', 'false']), because: 'TLS is what couchbases:// asks for' },
    bootstrap_on: { means: same(['cccp']), because: 'configurations come over key-value connections only' },
    detailed_errcodes: always('errors are always told apart'),
    enable_collections: always('collections are used where a server has them'),
    enable_errmap: always('error maps are used where a server has them'),
    enable_durable_write: always('durable writes are possible where a server has them'),
    tcp_nodelay: always('small requests are never held back'),
    tls_disable_deprecated_protocols: always('TLS 1.2 is the oldest version that is spoken'),
    tls_disable_v1_2: never('the versions of TLS are those of the runtime: node --tls-min-v1.3'),
    enable_tracing: never(NO_TRACING),
    enable_metrics: never(NO_METRICS),
    enable_lazy_connections: never('every node is connected to at once, so that no operation waits for that'),
    enable_app_telemetry: never('nothing is reported to anybody'),
    dump_configuration: never(`${NO_LOG}; the configuration is the bucket's clusterMap`),
    show_queries: never(NO_LOG),
    log_redaction: always(NO_LOG),
    allow_enterprise_analytics: never(NO_ANALYTICS),
    server_group: refused(NO_GROUPS),
    preferred_server_group: refused(NO_GROUPS),
    analytics_timeout: refused(NO_ANALYTICS),
    disable_mozilla_ca_certificates: refused(
      'trust_certificate names what is trusted instead of what the runtime does',
    ),
    keypath: refused("the client's certificate and key are given as `tls` in the options of the bucket"),
    allowed_sasl_mechanisms: refused('sasl_mech_force names the only mechanism'),
    console_log_level: refused(NO_LOG),
    console_log_file: refused(NO_LOG),
    config_cache: refused('configurations are kept in no file'),
    config_cache_ro: refused('configurations are kept in no file'),
    config_idle_redial_timeout: refused(
      'a connection that is silent is asked for a sign of life every config_poll_interval',
    ),
    config_poll_timeout: refused('another node is asked after 250 ms'),
    http_connect_timeout: refused('kv_connect_timeout holds for every connection'),
    max_queue_size: refused('give `queueMax` in the options of the bucket'),
    key_value_scan_timeout: refused('give `timeout` in the options of a scan'),
    persistence_timeout_floor: refused('kv_durable_timeout is what an operation with a durability level may take'),
    retry_policy: refused(RETRIES),
    retry_interval: refused(RETRIES),
    retry_nmv_delay: refused(RETRIES),
    retry_nmv_imm: refused(RETRIES),
    tracing_orphaned_queue_flush_interval: refused(NO_TRACING),
    tracing_orphaned_queue_size: refused(NO_TRACING),
    tracing_threshold_queue_flush_interval: refused(NO_TRACING),
    tracing_threshold_queue_size: refused(NO_TRACING),
    tracing_threshold_kv: refused(NO_TRACING),
    tracing_threshold_query: refused(NO_TRACING),
    tracing_threshold_view: refused(NO_TRACING),
    tracing_threshold_search: refused(NO_TRACING),
    tracing_threshold_analytics: refused(NO_TRACING),
    operation_metrics_flush_interval: refused(NO_METRICS),
    app_telemetry_endpoint: refused('nothing is reported to anybody'),
    unsafe_optimize: refused('there is nothing unsafe to be had'),
    vb_noremap: refused('a vbucket that moved is always looked for'),
  }),
);

/**
 * Returns the equivalents of an option of another SDK, none for a value that always holds, and undefined when no SDK
 * has an option of that name.
 * @throws ArgumentError with the reason when there is no equivalent.
 */
export function readForeignOption(name: string, value: string): readonly OptionEntry[] | undefined {
  const foreign = FOREIGN_OPTIONS.get(name);
  if (foreign === undefined) return undefined;
  if ('refused' in foreign) throw new ArgumentError(`connection string: ${name} is not supported: ${foreign.refused}`);
  const { means, because } = foreign;
  const entries = Object.hasOwn(means, value.toLowerCase()) ? means[value.toLowerCase()] : undefined;
  if (entries !== undefined) return entries;
  throw new ArgumentError(`connection string: ${name} can only be ${Object.keys(means).join(', ')}: ${because}`);
}

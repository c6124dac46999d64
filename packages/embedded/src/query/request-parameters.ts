import { parseDurationMs } from './duration.js';
import { badValue, missing, notImplemented, QueryFault, unknownValue, unrecognized, wrongType } from './query-fault.js';
import type { QueryRequest, ScanConsistency } from './query-request.js';
import type { Parameters } from './request-body.js';
import { readScanVectors } from './scan-vectors.js';

/** Maximum length of a client context id in the answer, in bytes. */
const CONTEXT_ID_BYTES_MAX = 64;

/** Parameters that are read where they have a meaning here. */
const READ = new Set([
  'statement',
  'prepared',
  'encoded_plan',
  'args',
  'client_context_id',
  'timeout',
  'readonly',
  'metrics',
  'signature',
  'pretty',
  'format',
  'encoding',
  'compression',
  'scan_consistency',
  'scan_vector',
  'scan_vectors',
  'scan_wait',
  'profile',
  'controls',
  'query_context',
  'namespace',
  'auto_execute',
  'preserve_expiry',
  'sort_projection',
  'use_replica',
  'durability_level',
  'creds',
  'max_parallelism',
]);

/** Parameters that a server takes and that change nothing here. */
const ACCEPTED = new Set([
  'scan_cap',
  'pipeline_cap',
  'pipeline_batch',
  'use_cbo',
  'use_fts',
  'auto_prepare',
  'kvtimeout',
  'txtimeout',
  'atrcollection',
  'numatrs',
  'memory_quota',
  'error_limit',
  'loglevel',
  'n1ql_feat_ctrl',
  'max_index_api',
  'duration_style',
]);

/**
 * Checks the parameters of a request.
 *
 * @throws QueryFault for a name that is not known, a value of another type, or one that is not allowed
 */
export function readRequest(parameters: Parameters): QueryRequest {
  for (const name of parameters.keys()) {
    if (!READ.has(name) && !ACCEPTED.has(name) && !/^[$@]/.test(name)) throw unrecognized(name);
  }
  const reader = new ParameterReader(parameters);
  checkFormats(reader);
  const consistency = readConsistency(reader);
  const vectors = readScanVectors(parameters.get('scan_vectors'), parameters.get('scan_vector'));
  if (consistency === 'at_plus' && vectors === undefined) throw missing('scan_vector');
  return {
    statement: reader.text('statement'),
    prepared: reader.text('prepared'),
    encodedPlan: reader.text('encoded_plan'),
    positional: reader.array('args'),
    named: reader.named(),
    clientContextId: readContextId(reader),
    timeoutMs: reader.durationMs('timeout'),
    readonly: reader.flag('readonly') ?? false,
    metrics: reader.flag('metrics') ?? true,
    signature: reader.flag('signature') ?? true,
    pretty: reader.flag('pretty') ?? false,
    sortProjection: reader.flag('sort_projection') ?? false,
    autoExecute: reader.looseFlag('auto_execute'),
    preserveExpiry: reader.flag('preserve_expiry') ?? false,
    controls: reader.flag('controls') ?? false,
    profile: readProfile(reader),
    scanConsistency: consistency,
    scanVectors: vectors ?? {},
    scanWaitMs: reader.durationMs('scan_wait'),
    queryContext: reader.text('query_context'),
    credentials: reader.array('creds') as QueryRequest['credentials'],
  };
}

/** Reads the parameters that an answer repeats even if the request fails. */
export function readContextIdOf(parameters: Parameters): string | undefined {
  const id = parameters.get('client_context_id');
  return typeof id === 'string' && !/[\\"]/.test(id) ? cut(id) : undefined;
}

function readContextId(reader: ParameterReader): string | undefined {
  const id = reader.text('client_context_id');
  if (id === undefined) return undefined;
  if (/[\\"]/.test(id)) {
    throw new QueryFault({ code: 1110, msg: 'forbidden character (\\ or ") in client_context_id' });
  }
  return cut(id);
}

function cut(id: string): string {
  return Buffer.from(id).subarray(0, CONTEXT_ID_BYTES_MAX).toString();
}

function readConsistency(reader: ParameterReader): ScanConsistency {
  const written = reader.text('scan_consistency');
  switch (written?.toLowerCase()) {
    case undefined:
    case '':
    case 'not_bounded':
      return 'not_bounded';
    case 'request_plus':
    case 'statement_plus':
      return 'request_plus';
    case 'at_plus':
      return 'at_plus';
    default:
      throw unknownValue('scan_consistency', written as string);
  }
}

function readProfile(reader: ParameterReader): QueryRequest['profile'] {
  const profile = reader.text('profile')?.toLowerCase();
  return profile === 'phases' || profile === 'timings' ? profile : 'off';
}

const DURABILITY_LEVELS = new Set(['', 'none', 'majority', 'majorityandpersistactive', 'persisttomajority']);

function checkFormats(reader: ParameterReader): void {
  const format = reader.text('format');
  if (format !== undefined && format.toUpperCase() !== 'JSON') throw notImplemented(format, 'format');
  const encoding = reader.text('encoding');
  if (encoding !== undefined && !/^utf-?8$/i.test(encoding)) throw unknownValue('encoding', encoding);
  const compression = reader.text('compression');
  if (compression !== undefined && compression.toUpperCase() !== 'NONE')
    throw notImplemented(compression, 'compression');
  const durability = reader.text('durability_level');
  if (durability !== undefined && !DURABILITY_LEVELS.has(durability.toLowerCase())) {
    throw badValue('durability_level', 'durability_level is invalid');
  }
  const parallelism = reader.value('max_parallelism');
  if (parallelism !== undefined && !/^-?\d+$/.test(String(parallelism))) {
    throw badValue('max_parallelism', 'max_parallelism is invalid');
  }
}

class ParameterReader {
  readonly #parameters: Parameters;

  constructor(parameters: Parameters) {
    this.#parameters = parameters;
  }

  value(name: string): unknown {
    return this.#parameters.get(name);
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    if (value !== undefined && typeof value !== 'string') throw wrongType(name, 'string');
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.value(name);
    if (value !== undefined && typeof value !== 'boolean') throw wrongType(name, 'boolean');
    return value;
  }

  /** A flag that may be written as a string. */
  looseFlag(name: string): boolean {
    return String(this.value(name)).toLowerCase() === 'true';
  }

  array(name: string): readonly unknown[] {
    const value = this.value(name);
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw wrongType(name, 'array');
    return value;
  }

  durationMs(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : parseDurationMs(text);
  }

  /** Values of `$name` and `@name`. */
  named(): Record<string, unknown> {
    const named: Record<string, unknown> = {};
    for (const [name, value] of this.#parameters) {
      if (/^[$@]/.test(name)) named[name.slice(1)] = value;
    }
    return named;
  }
}

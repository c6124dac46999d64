import type { Engine } from './engine.js';
import { badValue, missing, notImplemented, QueryFault, unknownValue, unrecognized, wrongType } from './query-fault.js';
import type { Durability, QueryRequest } from './query-request.js';
import type { Parameters } from './request-body.js';
import type { ScanConsistency } from './scan-consistency.js';
import { readScanVector, readScanVectors } from './scan-vectors.js';

/** Maximum length of a client context id in the answer, in bytes. */
const CONTEXT_ID_BYTES_MAX = 64;

const NANOS_PER_MS = 1e6;

const MEGABYTE = 1024 * 1024;

/** Parameters that are looked at. */
const READ = new Set([
  'statement',
  'prepared',
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
  'query_context',
  'preserve_expiry',
  'sort_projection',
  'auto_execute',
  'controls',
  'profile',
  'memory_quota',
  'durability_level',
  'kvtimeout',
  'creds',
  'max_parallelism',
]);

/**
 * Parameters that a server takes and that change nothing here: there are no replicas, plans, phases, caps or transactions
 * for them to act on.
 */
const ACCEPTED = new Set([
  'encoded_plan',
  'use_replica',
  'namespace',
  'scan_cap',
  'pipeline_cap',
  'pipeline_batch',
  'use_cbo',
  'use_fts',
  'auto_prepare',
  'txtimeout',
  'atrcollection',
  'numatrs',
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
export function readRequest(parameters: Parameters, engine: Engine): QueryRequest {
  for (const name of parameters.keys()) {
    if (!READ.has(name) && !ACCEPTED.has(name) && !/^[$@]/.test(name)) throw unrecognized(name);
  }
  const reader = new ParameterReader(parameters, engine);
  checkFormats(reader);
  return {
    statement: reader.text('statement'),
    prepared: reader.text('prepared'),
    positional: reader.array('args'),
    named: reader.named(),
    clientContextId: readContextId(reader),
    timeoutMs: reader.durationMs('timeout'),
    profile: PROFILES.has((reader.text('profile') ?? '').toLowerCase()),
    consistency: readConsistency(reader),
    scanWaitMs: reader.durationMs('scan_wait'),
    readonly: reader.flag('readonly') ?? false,
    metrics: reader.flag('metrics') ?? true,
    signature: reader.flag('signature') ?? true,
    pretty: reader.flag('pretty') ?? false,
    sortProjection: reader.flag('sort_projection') ?? false,
    preserveExpiry: reader.flag('preserve_expiry') ?? false,
    durability: readDurability(reader),
    autoExecute: reader.value('auto_execute') === 'true' || (reader.flag('auto_execute') ?? false),
    controls: reader.flag('controls') ?? false,
    memoryBytesMax: readMemoryQuota(reader),
    queryContext: reader.text('query_context'),
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

/** Any other word is the same as off. */
const PROFILES = new Set(['phases', 'timings']);

const CONSISTENCIES = new Set(['', 'not_bounded', 'request_plus', 'statement_plus', 'at_plus']);

function readConsistency(reader: ParameterReader): ScanConsistency {
  const consistency = reader.text('scan_consistency') ?? '';
  const name = consistency.toLowerCase();
  if (!CONSISTENCIES.has(name)) throw unknownValue('scan_consistency', consistency);
  const vectors = readScanVectors(reader.value('scan_vectors'));
  const vector = readScanVector(reader.value('scan_vector'));
  if (name === 'request_plus' || name === 'statement_plus') return { kind: 'request_plus' };
  if (name !== 'at_plus') return { kind: 'not_bounded' };
  if (reader.value('scan_vectors') === undefined && vector === undefined) throw missing('scan_vector');
  return { kind: 'at_plus', vectors, vector };
}

/** A quota is in megabytes; 0 is none. */
function readMemoryQuota(reader: ParameterReader): number | undefined {
  const quota = reader.value('memory_quota');
  if (quota === undefined) return undefined;
  if (!/^\d+$/.test(String(quota))) throw badValue('memory_quota', `${String(quota)} is not a number of megabytes`);
  return Number(quota) === 0 ? undefined : Number(quota) * MEGABYTE;
}

/** By their names in lower case; 0 is none. */
const DURABILITY_LEVELS: ReadonlyMap<string, number> = new Map([
  ['', 0],
  ['none', 0],
  ['majority', 1],
  ['majorityandpersistactive', 2],
  ['persisttomajority', 3],
]);

/** The shortest timeout that KV takes for durable writes, in milliseconds. Source: SDK RFC 0042. */
const DURABILITY_MS_MIN = 1500;

/** `kvtimeout` limits each write. */
function readDurability(reader: ParameterReader): Durability | undefined {
  const level = DURABILITY_LEVELS.get((reader.text('durability_level') ?? '').toLowerCase());
  if (level === undefined) throw badValue('durability_level', 'durability_level is invalid');
  const timeoutMs = reader.durationMs('kvtimeout');
  if (level === 0) return undefined;
  return { level, timeoutMs: timeoutMs === undefined ? 0 : Math.max(DURABILITY_MS_MIN, timeoutMs) };
}

function checkFormats(reader: ParameterReader): void {
  const format = reader.text('format');
  if (format !== undefined && format.toUpperCase() !== 'JSON') throw notImplemented(format, 'format');
  const encoding = reader.text('encoding');
  if (encoding !== undefined && !/^utf-?8$/i.test(encoding)) throw unknownValue('encoding', encoding);
  const compression = reader.text('compression');
  if (compression !== undefined && compression.toUpperCase() !== 'NONE')
    throw notImplemented(compression, 'compression');
  const parallelism = reader.value('max_parallelism');
  if (parallelism !== undefined && !/^-?\d+$/.test(String(parallelism))) {
    throw badValue('max_parallelism', 'max_parallelism is invalid');
  }
}

class ParameterReader {
  readonly #parameters: Parameters;
  readonly #engine: Engine;

  constructor(parameters: Parameters, engine: Engine) {
    this.#parameters = parameters;
    this.#engine = engine;
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

  array(name: string): readonly unknown[] {
    const value = this.value(name);
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw wrongType(name, 'array');
    return value;
  }

  durationMs(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const nanos = this.#engine.readDuration(text);
    if (nanos === undefined) throw badValue('duration', `Unable to parse duration: ${text}`);
    return nanos / NANOS_PER_MS;
  }

  /** Values of `$name` and `@name`. */
  named(): Record<string, unknown> {
    const isNamed = ([name]: readonly [string, unknown]): boolean => /^[$@]/.test(name);
    return Object.fromEntries([...this.#parameters].filter(isNamed).map(([name, value]) => [name.slice(1), value]));
  }
}

import {
  type BucketSettings,
  COMPRESSION_MODES,
  DURABILITY_LEVELS,
  EVICTION_POLICIES,
  type HistorySettings,
  historyDefault,
  kindOf,
  TTL_SECONDS_MAX,
} from '../config/bucket-settings.js';
import { REPLICAS_MAX, VBUCKETS_MAX } from '../config/vbucket-map.js';

/** What the server calls the types of buckets in requests. */
const TYPES: Readonly<Record<string, BucketSettings['type']>> = {
  couchbase: 'couchbase',
  membase: 'couchbase',
  ephemeral: 'ephemeral',
  memcached: 'memcached',
};

/** Minimum size of a history, unless it is 0. Source: ns_server's menelaus_web_buckets. */
const HISTORY_BYTES_MIN = 2 * 1024 * 1024 * 1024;

interface NumberField {
  readonly field: string;
  readonly min: number;
  readonly max: number;
  readonly fallback: number;
}

/** The fields of a form about a bucket; what is wrong with them is collected in `errors`, by field. */
class BucketForm {
  readonly errors: Record<string, string> = {};
  readonly #form: URLSearchParams;

  constructor(form: URLSearchParams) {
    this.#form = form;
  }

  has(field: string): boolean {
    return this.#form.has(field);
  }

  number({ field, min, max, fallback }: NumberField): number {
    const text = this.#form.get(field);
    if (text === null) return fallback;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    this.errors[field] = `${field} must be an integer between ${min} and ${max}`;
    return fallback;
  }

  /** A boolean, as 0 or 1. */
  flag(field: string, fallback: boolean): boolean {
    return this.number({ field, min: 0, max: 1, fallback: Number(fallback) }) === 1;
  }

  choice<T extends string>(field: string, choices: readonly T[], fallback: T): T {
    const text = this.#form.get(field);
    if (text === null) return fallback;
    if (choices.includes(text as T)) return text as T;
    this.errors[field] = `${field} must be one of ${choices.map((choice) => `"${choice}"`).join(', ')}`;
    return fallback;
  }

  type(fallback: BucketSettings['type']): BucketSettings['type'] {
    const text = this.#form.get('bucketType');
    if (text !== null && !Object.hasOwn(TYPES, text)) this.errors['bucketType'] = 'invalid bucket type';
    return text === null ? fallback : (TYPES[text] ?? fallback);
  }
}

/**
 * The settings that a form asks for, and what is wrong with it, by field.
 * @param given what holds where the form says nothing
 * @param isNew whether the rest depends on the type of bucket that the form asks for
 */
export function readSettings(
  form: URLSearchParams,
  given: BucketSettings,
  isNew: boolean,
): { readonly settings: BucketSettings; readonly errors: Record<string, string> } {
  const fields = new BucketForm(form);
  const type = fields.type(given.type);
  const asked = fields.choice('storageBackend', ['couchstore', 'magma', 'undefined'], given.storageBackend);
  const base = isNew ? { ...given, ...kindOf(type, asked) } : given;
  const isMemcached = type === 'memcached';
  const settings = {
    type,
    replicas: isMemcached ? 0 : replicasOf(fields, base),
    vbuckets: isMemcached
      ? 1
      : fields.number({ field: 'numVBuckets', min: 1, max: VBUCKETS_MAX, fallback: base.vbuckets }),
    flush: fields.flag('flushEnabled', base.flush),
    maxTtl: fields.number({ field: 'maxTTL', min: 0, max: TTL_SECONDS_MAX, fallback: base.maxTtl }),
    compressionMode: fields.choice('compressionMode', COMPRESSION_MODES, base.compressionMode),
    ramQuotaMb: quotaOf(fields, base),
    evictionPolicy: fields.choice('evictionPolicy', EVICTION_POLICIES[type], base.evictionPolicy),
    conflictResolution: fields.choice('conflictResolutionType', ['seqno', 'lww', 'custom'], base.conflictResolution),
    durabilityMinLevel: fields.choice('durabilityMinLevel', DURABILITY_LEVELS, base.durabilityMinLevel),
    storageBackend: isNew ? base.storageBackend : asked,
    replicaIndex: fields.flag('replicaIndex', base.replicaIndex),
    purgeIntervalMs: base.purgeIntervalMs,
    history: historyOf(fields, base),
    disk: base.disk,
  };
  return { settings, errors: fields.errors };
}

function replicasOf(fields: BucketForm, { replicas }: BucketSettings): number {
  return fields.number({ field: 'replicaNumber', min: 0, max: REPLICAS_MAX, fallback: replicas });
}

function quotaOf(fields: BucketForm, { ramQuotaMb }: BucketSettings): number {
  const field = fields.has('ramQuota') ? 'ramQuota' : 'ramQuotaMB';
  return fields.number({ field, min: 1, max: 1024 * 1024, fallback: ramQuotaMb });
}

/** Only the storage of the kind `magma` keeps history. */
function historyOf(fields: BucketForm, { storageBackend, history }: BucketSettings): HistorySettings {
  const names = ['historyRetentionSeconds', 'historyRetentionBytes', 'historyRetentionCollectionDefault'] as const;
  if (storageBackend !== 'magma') {
    for (const field of names) {
      if (fields.has(field)) fields.errors[field] = 'History Retention can only used with Magma';
    }
    return historyDefault(storageBackend);
  }
  const number = (field: string, fallback: number): number =>
    fields.number({ field, min: 0, max: Number.MAX_SAFE_INTEGER, fallback });
  const bytes = number('historyRetentionBytes', history.bytes);
  if (bytes > 0 && bytes < HISTORY_BYTES_MIN) {
    fields.errors['historyRetentionBytes'] = `Value must be an integer from ${HISTORY_BYTES_MIN}, or 0`;
  }
  const isDefault = fields.choice('historyRetentionCollectionDefault', ['true', 'false'], `${history.isDefault}`);
  return { seconds: number('historyRetentionSeconds', history.seconds), bytes, isDefault: isDefault === 'true' };
}

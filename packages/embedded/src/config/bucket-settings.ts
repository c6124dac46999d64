import { ArgumentError } from '@cb/protocol';
import { checkFields, choiceOption, integerOption } from '../base/check-options.js';
import {
  DISK_DEFAULT,
  DISK_OPTION_NAMES,
  type DiskOptions,
  type DiskSettings,
  diskSettings,
} from '../store/disk-options.js';
import { PURGE_INTERVAL_MS } from '../store/tombstones.js';
import { REPLICAS_MAX, VBUCKETS_MAX } from './vbucket-map.js';

export const BUCKET_TYPES = ['couchbase', 'ephemeral', 'memcached'] as const;
/** What keeps the documents: `couchbase` memory and disk, `ephemeral` memory with replicas, `memcached` memory alone. */
export type BucketType = (typeof BUCKET_TYPES)[number];

export const COMPRESSION_MODES = ['off', 'passive', 'active'] as const;

export const DURABILITY_LEVELS = ['none', 'majority', 'majorityAndPersistActive', 'persistToMajority'] as const;

/** What leaves the memory when there is too little of it, by the type of bucket. */
export const EVICTION_POLICIES = {
  couchbase: ['valueOnly', 'fullEviction'],
  ephemeral: ['noEviction', 'nruEviction'],
  memcached: ['valueOnly'],
} as const satisfies Readonly<Record<BucketType, readonly string[]>>;
/** One of the policies of any type of bucket. */
export type EvictionPolicy = (typeof EVICTION_POLICIES)[BucketType][number];

/** What keeps documents on the disk; `undefined` is the server's word for a bucket that has none. */
export type StorageBackend = 'couchstore' | 'magma' | 'undefined';

/**
 * How much of the former versions of documents is kept. These are settings without effect: there are no change streams
 * here.
 */
export interface HistorySettings {
  /** Their age in seconds. */
  readonly seconds: number;
  /** Their size in bytes. */
  readonly bytes: number;
  /** Whether collections keep history by default. */
  readonly isDefault: boolean;
}

/** Default number of vbuckets of a bucket: fewer than the 1,024 of a server, so that traces stay readable. */
export const VBUCKETS_DEFAULT = 64;
/** Longest expiry, in seconds, that a bucket or a collection may prescribe: that of a signed 32-bit number. */
export const TTL_SECONDS_MAX = 0x7fffffff;

/** The settings of a bucket as a whole. */
export interface BucketSettings {
  /** What keeps the documents; it never changes. */
  readonly type: BucketType;
  /** Number of replicas, 0 to 3. */
  readonly replicas: number;
  /** Number of vbuckets, 1 to 32,768. */
  readonly vbuckets: number;
  /** Whether the bucket may be emptied at one stroke over HTTP. */
  readonly flush: boolean;
  /** Maximum expiry of documents, in seconds; 0 for no limit. */
  readonly maxTtl: number;
  /** Whether values are kept compressed: never (`off`), as clients send them (`passive`), or always (`active`). */
  readonly compressionMode: (typeof COMPRESSION_MODES)[number];
  /** Memory on each node, in MiB: reported, and enforced where `disk.limitMemory` is set. */
  readonly ramQuotaMb: number;
  /** Milliseconds that tombstones stay. */
  readonly purgeIntervalMs: number;
  /** What leaves the memory when there is too little of it: reported only. */
  readonly evictionPolicy: EvictionPolicy;
  /** How concurrent changes of two clusters are settled: by sequence number, by time, or in another way: reported only. */
  readonly conflictResolution: 'seqno' | 'lww' | 'custom';
  /** Minimum durability of a write: reported only. */
  readonly durabilityMinLevel: (typeof DURABILITY_LEVELS)[number];
  /** What keeps documents on the disk; views need `couchstore`. */
  readonly storageBackend: StorageBackend;
  /** Whether replicas are indexed by views too: reported only. */
  readonly replicaIndex: boolean;
  /** How much of the former versions of documents is kept. */
  readonly history: HistorySettings;
  /** How the disk behaves. */
  readonly disk: DiskSettings;
}

/** A bucket in the options of a cluster. Options of the disk are for the type `couchbase`: the others have none. */
export interface BucketOptions extends DiskOptions {
  /** Default `couchbase`. */
  readonly type?: BucketType | undefined;
  /** Default: that of the cluster. */
  readonly replicas?: number | undefined;
  /** Default: that of the cluster. A memcached bucket has 1. */
  readonly vbuckets?: number | undefined;
  /** Default true. */
  readonly flush?: boolean | undefined;
  /** Default 0. */
  readonly maxTtl?: number | undefined;
  /** Default `passive`. */
  readonly compressionMode?: (typeof COMPRESSION_MODES)[number] | undefined;
  /** Memory on each node, in MiB, 1 to 1,048,576; kept where `limitMemory` is set. Default 256. */
  readonly ramQuotaMb?: number | undefined;
  /**
   * Milliseconds that the tombstone of a deleted document stays, before a purge frees its memory. Default 259,200,000,
   * which is three days, as a server has it.
   */
  readonly purgeIntervalMs?: number | undefined;
  /** Collections by scope: `{ inventory: ['hotel', 'airport'] }`. Default none but `_default._default`. */
  readonly collections?: Readonly<Record<string, readonly string[]>> | undefined;
}

const OPTION_NAMES = [
  'type',
  'replicas',
  'vbuckets',
  'flush',
  'maxTtl',
  'compressionMode',
  'ramQuotaMb',
  'purgeIntervalMs',
  'collections',
  ...DISK_OPTION_NAMES,
] as const;

/** The default settings of a bucket. */
export interface BucketDefaults {
  readonly replicas: number;
  readonly vbuckets: number;
  readonly disk: DiskSettings;
}

/**
 * The settings that options ask for.
 * @throws ArgumentError for an option that is unknown or out of range.
 */
export function bucketSettings(name: string, options: BucketOptions, defaults: BucketDefaults): BucketSettings {
  const what = `buckets.${name}`;
  checkFields(options, OPTION_NAMES, what);
  const type = choiceOption(options.type, `${what}.type`, BUCKET_TYPES, 'couchbase');
  const { flush = true } = options;
  if (typeof flush !== 'boolean') throw new ArgumentError(`${what}.flush must be true or false`);
  return {
    type,
    replicas:
      type === 'memcached'
        ? 0
        : integerOption(options.replicas, `${what}.replicas`, 0, REPLICAS_MAX, defaults.replicas),
    vbuckets:
      type === 'memcached'
        ? 1
        : integerOption(options.vbuckets, `${what}.vbuckets`, 1, VBUCKETS_MAX, defaults.vbuckets),
    flush,
    maxTtl: integerOption(options.maxTtl, `${what}.maxTtl`, 0, TTL_SECONDS_MAX, 0),
    compressionMode: choiceOption(options.compressionMode, `${what}.compressionMode`, COMPRESSION_MODES, 'passive'),
    ramQuotaMb: integerOption(options.ramQuotaMb, `${what}.ramQuotaMb`, 1, 1024 * 1024, 256),
    purgeIntervalMs: integerOption(
      options.purgeIntervalMs,
      `${what}.purgeIntervalMs`,
      1,
      Number.MAX_SAFE_INTEGER,
      PURGE_INTERVAL_MS,
    ),
    ...kindOf(type, 'couchstore'),
    conflictResolution: 'seqno',
    durabilityMinLevel: 'none',
    disk: bucketDisk(what, type, options, defaults.disk),
  };
}

/** What follows from the type of a bucket, and from what keeps it on the disk, if it has one. */
export function kindOf(
  type: BucketType,
  asked: StorageBackend,
): Pick<BucketSettings, 'storageBackend' | 'evictionPolicy' | 'replicaIndex' | 'history'> {
  const storageBackend = type !== 'couchbase' ? 'undefined' : asked === 'magma' ? 'magma' : 'couchstore';
  return {
    storageBackend,
    evictionPolicy: storageBackend === 'magma' ? 'fullEviction' : EVICTION_POLICIES[type][0],
    replicaIndex: storageBackend === 'couchstore',
    history: historyDefault(storageBackend),
  };
}

export function historyDefault(storageBackend: StorageBackend): HistorySettings {
  return { seconds: 0, bytes: 0, isDefault: storageBackend === 'magma' };
}

function bucketDisk(what: string, type: BucketType, options: BucketOptions, defaults: DiskSettings): DiskSettings {
  if (type === 'couchbase') return diskSettings(options, defaults, `${what}.`);
  const given = DISK_OPTION_NAMES.find((name) => options[name] !== undefined);
  if (given !== undefined) throw new ArgumentError(`${what}.${given}: a bucket of the type ${type} has no disk`);
  return DISK_DEFAULT;
}

/** @throws ArgumentError when a bucket cannot be called that. Source: the server's rules for bucket names. */
export function checkBucketName(name: string): void {
  if (name.length < 1 || name.length > 100 || !/^[A-Za-z0-9_%.-]+$/.test(name) || name.startsWith('.')) {
    throw new ArgumentError(
      `${JSON.stringify(name)} is not a bucket name: 1 to 100 letters, digits, _ - . %, not starting with a dot`,
    );
  }
}

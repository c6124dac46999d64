import { ArgumentError } from '@cb/protocol';
import {
  type BucketSettings,
  bucketSettings,
  COMPRESSION_MODES,
  checkBucketName,
  TTL_SECONDS_MAX,
} from '../bucket-settings.js';
import type { EmbeddedCluster } from '../cluster.js';
import type { ClusterBucket } from '../cluster-bucket.js';
import { REPLICAS_MAX, VBUCKETS_MAX } from '../config/vbucket-map.js';
import { bucketOf, demandBucketManagement, visibleBuckets } from './access.js';
import { bucketDocument } from './cluster-documents.js';
import { type HttpCall, HttpRefusal } from './http-call.js';
import type { Route } from './router.js';

/** What the server calls the types of buckets in requests. */
const TYPES: Readonly<Record<string, BucketSettings['type']>> = {
  couchbase: 'couchbase',
  membase: 'couchbase',
  ephemeral: 'ephemeral',
  memcached: 'memcached',
};

/** The fields that stay as a bucket was created with them, and the settings that they are. */
const FIXED = [
  ['bucketType', 'type'],
  ['replicaNumber', 'replicas'],
  ['numVBuckets', 'vbuckets'],
] as const;

/** Buckets: list, create, change, delete, flush. Source: the server's REST reference, "Buckets API". */
export function bucketRoutes(cluster: EmbeddedCluster, node: number): Route[] {
  const path = '/pools/default/buckets';
  const describe = (bucket: ClusterBucket): object => bucketDocument(cluster, node, bucket);
  return [
    { method: 'GET', path, handler: (call) => call.json(200, visibleBuckets(call, cluster).map(describe)) },
    { method: 'POST', path, handler: (call) => create(call, cluster) },
    {
      method: 'GET',
      path: `${path}/:bucket`,
      handler: (call) => call.json(200, describe(bucketOf(call, cluster))),
    },
    { method: 'POST', path: `${path}/:bucket`, handler: (call) => change(call, cluster) },
    { method: 'DELETE', path: `${path}/:bucket`, handler: (call) => remove(call, cluster) },
    { method: 'POST', path: `${path}/:bucket/controller/doFlush`, handler: (call) => flush(call, cluster) },
    { method: 'GET', path: `${path}/:bucket/ddocs`, handler: (call) => listDesigns(call, cluster) },
  ];
}

async function create(call: HttpCall, cluster: EmbeddedCluster): Promise<void> {
  demandBucketManagement(call);
  const form = await call.form();
  const name = form.get('name') ?? '';
  const errors: Record<string, string> = {};
  try {
    checkBucketName(name);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    errors['name'] = error.message;
  }
  if (cluster.findBucket(name) !== undefined) errors['name'] = 'Bucket with given name already exists';
  const settings = readSettings(form, bucketSettings(name, { flush: false }, cluster.plan), errors);
  call.response.setHeader('location', `/pools/default/buckets/${encodeURIComponent(name)}`);
  if (Object.keys(errors).length > 0) throw new HttpRefusal(400, { errors, summaries: {} });
  cluster.createBucket(name, settings);
  call.text(202, '');
}

async function change(call: HttpCall, cluster: EmbeddedCluster): Promise<void> {
  const bucket = bucketOf(call, cluster);
  demandBucketManagement(call, bucket.name);
  const errors: Record<string, string> = {};
  const settings = readSettings(await call.form(), bucket.settings, errors);
  for (const [field, name] of FIXED) {
    if (settings[name] !== bucket.settings[name])
      errors[field] = `${field} cannot be changed while the bucket is there`;
  }
  if (Object.keys(errors).length > 0) throw new HttpRefusal(400, { errors, summaries: {} });
  bucket.changeSettings(settings);
  cluster.publish(bucket.name);
  call.text(200, '');
}

function remove(call: HttpCall, cluster: EmbeddedCluster): void {
  const bucket = bucketOf(call, cluster);
  demandBucketManagement(call, bucket.name);
  cluster.dropBucket(bucket.name);
  call.text(200, '');
}

function flush(call: HttpCall, cluster: EmbeddedCluster): void {
  const bucket = bucketOf(call, cluster);
  demandBucketManagement(call, bucket.name);
  if (!bucket.settings.flush) throw new HttpRefusal(400, { _: 'Flush is disabled for the bucket' });
  bucket.flush();
  call.text(200, '');
}

function listDesigns(call: HttpCall, cluster: EmbeddedCluster): void {
  const bucket = bucketOf(call, cluster);
  const rows = [...bucket.designs].map(({ id, rev, body }) => {
    const controller = `/pools/default/buckets/${encodeURIComponent(bucket.name)}/ddocs/${encodeURIComponent(id)}/controller`;
    const controllers = {
      compact: `${controller}/compactView`,
      setUpdateMinChanges: `${controller}/setUpdateMinChanges`,
    };
    return { doc: { meta: { id, rev }, json: body }, controllers };
  });
  call.json(200, { rows });
}

/** The settings that a form asks for; what is wrong with it is written into `errors`, by field. */
function readSettings(form: URLSearchParams, base: BucketSettings, errors: Record<string, string>): BucketSettings {
  const type = form.has('bucketType') ? TYPES[form.get('bucketType')!] : base.type;
  if (type === undefined) errors['bucketType'] = 'invalid bucket type';
  const compressionMode = form.get('compressionMode') ?? base.compressionMode;
  if (!COMPRESSION_MODES.includes(compressionMode as never)) {
    errors['compressionMode'] = 'compressionMode can be set to "off", "passive" or "active"';
  }
  const number = (field: string, min: number, max: number, fallback: number): number =>
    readNumber(form, { field, min, max, fallback }, errors);
  return {
    type: type ?? base.type,
    replicas: type === 'memcached' ? 0 : number('replicaNumber', 0, REPLICAS_MAX, base.replicas),
    vbuckets: type === 'memcached' ? 1 : number('numVBuckets', 1, VBUCKETS_MAX, base.vbuckets),
    flush: number('flushEnabled', 0, 1, Number(base.flush)) === 1,
    maxTtl: number('maxTTL', 0, TTL_SECONDS_MAX, base.maxTtl),
    compressionMode: compressionMode as BucketSettings['compressionMode'],
    ramQuotaMb: number(form.has('ramQuota') ? 'ramQuota' : 'ramQuotaMB', 1, 1024 * 1024, base.ramQuotaMb),
    evictionPolicy: form.get('evictionPolicy') ?? base.evictionPolicy,
    conflictResolution: form.get('conflictResolutionType') ?? base.conflictResolution,
    durabilityMinLevel: form.get('durabilityMinLevel') ?? base.durabilityMinLevel,
    storageBackend: form.get('storageBackend') ?? base.storageBackend,
    replicaIndex: number('replicaIndex', 0, 1, Number(base.replicaIndex)) === 1,
    disk: base.disk,
  };
}

interface NumberField {
  readonly field: string;
  readonly min: number;
  readonly max: number;
  readonly fallback: number;
}

function readNumber(
  form: URLSearchParams,
  { field, min, max, fallback }: NumberField,
  errors: Record<string, string>,
): number {
  const text = form.get(field);
  if (text === null) return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  errors[field] = `${field} must be an integer between ${min} and ${max}`;
  return fallback;
}

import { ArgumentError } from '@cb/protocol';
import { bucketSettings, checkBucketName } from '../config/bucket-settings.js';
import { bucketOf, demandBucketManagement, visibleBuckets } from './access.js';
import { readSettings } from './bucket-form.js';
import { bucketDocument } from './cluster-documents.js';
import type { ManagedBucket, ManagedCluster } from './hosts.js';
import { type HttpCall, HttpRefusal } from './http-call.js';
import type { Route } from './router.js';

/** The fields that stay as a bucket was created with them, and the settings that they are. */
const FIXED = [
  ['bucketType', 'type'],
  ['replicaNumber', 'replicas'],
  ['numVBuckets', 'vbuckets'],
  ['storageBackend', 'storageBackend'],
] as const;

/** Buckets: list, create, change, delete, flush. Source: the server's REST reference, "Buckets API". */
export function bucketRoutes(cluster: ManagedCluster, node: number): Route[] {
  const path = '/pools/default/buckets';
  const describe = (call: HttpCall, bucket: ManagedBucket): object =>
    bucketDocument({ cluster, self: node, reachedBy: call.hostname }, bucket);
  return [
    {
      method: 'GET',
      path,
      handler: (call) =>
        call.json(
          200,
          visibleBuckets(call, cluster).map((bucket) => describe(call, bucket)),
        ),
    },
    { method: 'POST', path, handler: (call) => create(call, cluster) },
    {
      method: 'GET',
      path: `${path}/:bucket`,
      handler: (call) => call.json(200, describe(call, bucketOf(call, cluster))),
    },
    { method: 'POST', path: `${path}/:bucket`, handler: (call) => change(call, cluster) },
    { method: 'DELETE', path: `${path}/:bucket`, handler: (call) => remove(call, cluster) },
    { method: 'POST', path: `${path}/:bucket/controller/doFlush`, handler: (call) => flush(call, cluster) },
    { method: 'GET', path: `${path}/:bucket/ddocs`, handler: (call) => listDesigns(call, cluster) },
  ];
}

async function create(call: HttpCall, cluster: ManagedCluster): Promise<void> {
  demandBucketManagement(call);
  const form = await call.form();
  const name = form.get('name') ?? '';
  const { settings, errors } = readSettings(form, bucketSettings(name, { flush: false }, cluster.plan), true);
  try {
    checkBucketName(name);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    errors['name'] = error.message;
  }
  if (cluster.findBucket(name) !== undefined) errors['name'] = 'Bucket with given name already exists';
  call.response.setHeader('location', `/pools/default/buckets/${encodeURIComponent(name)}`);
  if (Object.keys(errors).length > 0) throw new HttpRefusal(400, { errors, summaries: {} });
  cluster.addBucket(name, settings);
  call.text(202, '');
}

async function change(call: HttpCall, cluster: ManagedCluster): Promise<void> {
  const bucket = bucketOf(call, cluster);
  demandBucketManagement(call, bucket.name);
  const { settings, errors } = readSettings(await call.form(), bucket.settings, false);
  for (const [field, name] of FIXED) {
    if (settings[name] !== bucket.settings[name])
      errors[field] = `${field} cannot be changed while the bucket is there`;
  }
  if (Object.keys(errors).length > 0) throw new HttpRefusal(400, { errors, summaries: {} });
  bucket.changeSettings(settings);
  cluster.publish(bucket.name);
  call.text(200, '');
}

function remove(call: HttpCall, cluster: ManagedCluster): void {
  const bucket = bucketOf(call, cluster);
  demandBucketManagement(call, bucket.name);
  cluster.dropBucket(bucket.name);
  call.text(200, '');
}

function flush(call: HttpCall, cluster: ManagedCluster): void {
  const bucket = bucketOf(call, cluster);
  demandBucketManagement(call, bucket.name);
  if (!bucket.settings.flush) throw new HttpRefusal(400, { _: 'Flush is disabled for the bucket' });
  bucket.flush();
  call.text(200, '');
}

function listDesigns(call: HttpCall, cluster: ManagedCluster): void {
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

import { type BucketSettings, TTL_SECONDS_MAX } from '../config/bucket-settings.js';
import { type CollectionChange, ManifestEditError, type ManifestEditor } from '../config/manifest-edit.js';
import { TTL_NEVER } from '../store/manifest.js';
import { bucketOf, demandCollectionManagement } from './access.js';
import type { ManagedBucket, ManagedCluster } from './hosts.js';
import { type HttpCall, HttpRefusal } from './http-call.js';
import type { Route } from './router.js';

/** Scopes and collections. Source: the server's REST reference, "Scopes and Collections API". */
export function collectionRoutes(cluster: ManagedCluster): Route[] {
  const path = '/pools/default/buckets/:bucket/scopes';
  const one = `${path}/:scope/collections/:collection`;
  return [
    { method: 'GET', path, handler: (call) => call.json(200, manifestDocument(bucketOf(call, cluster))) },
    {
      method: 'POST',
      path,
      handler: async (call) => {
        const name = (await call.form()).get('name') ?? '';
        edit(call, cluster, (editor) => editor.createScope(name));
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:scope`,
      handler: (call) => edit(call, cluster, (editor) => editor.dropScope(call.params['scope']!)),
    },
    { method: 'POST', path: `${path}/:scope/collections`, handler: (call) => createCollection(call, cluster) },
    { method: 'PATCH', path: one, handler: (call) => changeCollection(call, cluster) },
    {
      method: 'DELETE',
      path: one,
      handler: (call) =>
        edit(call, cluster, (editor) => editor.dropCollection(call.params['scope']!, call.params['collection']!)),
    },
    // Every node has the manifest as soon as one has, so there is nothing to wait for.
    { method: 'POST', path: `${path}/@ensureManifest/:uid`, handler: (call) => call.text(200, '') },
  ];
}

async function createCollection(call: HttpCall, cluster: ManagedCluster): Promise<void> {
  const form = await call.form();
  const { settings } = bucketOf(call, cluster);
  const change = { history: settings.history.isDefault, ...readChange(form, settings) };
  edit(call, cluster, (editor) => editor.createCollection(call.params['scope']!, form.get('name') ?? '', change));
}

async function changeCollection(call: HttpCall, cluster: ManagedCluster): Promise<void> {
  const form = await call.form();
  const change = readChange(form, bucketOf(call, cluster).settings);
  edit(call, cluster, (editor) => editor.changeCollection(call.params['scope']!, call.params['collection']!, change));
}

/** Changes the manifest, puts it in force, and answers with its uid. */
function edit(call: HttpCall, cluster: ManagedCluster, change: (editor: ManifestEditor) => void): void {
  const bucket = bucketOf(call, cluster);
  demandCollectionManagement(call, bucket.name, call.params['scope']);
  try {
    change(bucket.editor);
  } catch (error) {
    if (!(error instanceof ManifestEditError)) throw error;
    throw new HttpRefusal(error.status, { errors: { _: error.message } });
  }
  bucket.applyManifest();
  cluster.publish(bucket.name);
  call.json(200, { uid: bucket.manifest.uid.toString(16) });
}

/**
 * What a form says of a collection.
 * @throws HttpRefusal 400 for what is out of range, or what the bucket does not keep.
 */
function readChange(form: URLSearchParams, { storageBackend }: BucketSettings): CollectionChange {
  const ttl = form.get('maxTTL');
  const history = form.get('history');
  if (ttl !== null && (!/^(-1|\d{1,10})$/.test(ttl) || Number(ttl) > TTL_SECONDS_MAX)) {
    throw new HttpRefusal(400, {
      errors: { maxTTL: `The value must be in range from ${TTL_NEVER} to ${TTL_SECONDS_MAX}` },
    });
  }
  if (history !== null && history !== 'true' && history !== 'false') {
    throw new HttpRefusal(400, { errors: { history: 'The value must be one of the following: [true,false]' } });
  }
  if (history === 'true' && storageBackend !== 'magma') {
    throw new HttpRefusal(400, 'Not allowed on this type of bucket');
  }
  return { ...(ttl !== null && { maxTtl: Number(ttl) }), ...(history !== null && { history: history === 'true' }) };
}

function manifestDocument({ manifest }: ManagedBucket): object {
  return {
    uid: manifest.uid.toString(16),
    scopes: manifest.scopes.map((scope) => ({
      name: scope.name,
      uid: scope.id.toString(16),
      collections: scope.collections.map(({ name, id, maxTtl, history = false }) => ({
        name,
        uid: id.toString(16),
        maxTTL: maxTtl,
        history,
      })),
    })),
  };
}

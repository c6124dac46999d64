import { TLSSocket } from 'node:tls';
import { Privilege } from '../auth/privilege.js';
import { hostPort } from '../config/cluster-config.js';
import { sendAnswer } from '../views/answer.js';
import { InvalidDesignDocument } from '../views/design-document.js';
import { badRequest, notFound, ViewError } from '../views/view-error.js';
import { readViewParams } from '../views/view-params.js';
import { demand } from './access.js';
import { hostnameFor } from './cluster-documents.js';
import type { ServiceBucket, ServiceHost } from './hosts.js';
import { type HttpCall, HttpRefusal } from './http-call.js';
import type { Handler, Route } from './router.js';

/** Design documents and queries, at a node's views port. Source: the server's REST reference, "Views API". */
export function designRoutes(cluster: ServiceHost, node: number): Route[] {
  const design = '/:bucket/_design/:design';
  const view = `${design}/_view/:view`;
  // The id of a design document may come with its slash encoded.
  const documents = [design, '/:bucket/:id'].flatMap((path) => [
    route('GET', path, (call) => readDesign(call, bucketFor(call, cluster, Privilege.ViewRead))),
    route('PUT', path, (call) => writeDesign(call, cluster)),
    route('DELETE', path, (call) => deleteDesign(call, bucketFor(call, cluster, Privilege.ViewWrite))),
  ]);
  return [
    ...documents,
    route('GET', view, (call) => query(call, cluster, node, {})),
    route('POST', view, async (call) => {
      if (!isJson(call)) throw new ViewError(415, 'bad_content_type', 'Content-Type must be application/json');
      await query(call, cluster, node, await jsonBody(call));
    }),
  ];
}

/** A route whose errors are answered in the words of the views service. */
function route(method: Route['method'], path: string, handler: Handler): Route {
  return {
    method,
    path,
    handler: async (call) => {
      try {
        await handler(call);
      } catch (error) {
        throw error instanceof ViewError
          ? new HttpRefusal(error.status, { error: error.error, reason: error.reason })
          : error;
      }
    },
  };
}

/** The bucket that the path names, by its name or as `name+uuid`, when the user has one of the privileges for it. */
function bucketFor(call: HttpCall, cluster: ServiceHost, privilege: number): ServiceBucket {
  const [name = '', uuid] = call.params['bucket']!.split('+');
  demand(call, privilege, name);
  const bucket = cluster.findBucket(name);
  if (bucket === undefined) throw notFound('missing');
  if (uuid !== undefined && uuid !== bucket.uuid) throw notFound('uuids_dont_match');
  if (bucket.settings.storageBackend !== 'couchstore') {
    throw notFound('views are supported only on couchbase buckets with couchstore storage backend');
  }
  return bucket;
}

/** @throws ViewError 404 for an id that is not of a design document. */
function designId({ params }: HttpCall): string {
  const id = params['id'] ?? `_design/${params['design']}`;
  if (!/^_design\/./.test(id)) throw notFound('missing');
  return id;
}

function isJson({ request }: HttpCall): boolean {
  return /^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '');
}

function readDesign(call: HttpCall, { designs }: ServiceBucket): void {
  const id = designId(call);
  const design = designs.get(id);
  if (design === undefined) throw notFound(designs.whyNot(id));
  call.response.setHeader('x-couchbase-meta', JSON.stringify({ id, rev: design.rev, type: 'json' }));
  call.json(200, design.body);
}

async function writeDesign(call: HttpCall, cluster: ServiceHost): Promise<void> {
  const { name, views } = bucketFor(call, cluster, Privilege.ViewWrite);
  const id = designId(call);
  try {
    if (!isJson(call)) throw new InvalidDesignDocument('Content is not json.');
    await views.write(id, await jsonBody(call));
  } catch (error) {
    if (!(error instanceof InvalidDesignDocument)) throw error;
    throw new ViewError(400, 'invalid_design_document', error.message);
  }
  call.response.setHeader('location', `http://${call.request.headers.host}/${name}/${encodeURIComponent(id)}`);
  call.json(201, { ok: true, id });
}

function deleteDesign(call: HttpCall, { designs }: ServiceBucket): void {
  const id = designId(call);
  if (!designs.delete(id)) throw notFound(designs.whyNot(id));
  call.json(200, { ok: true, id });
}

async function query(
  call: HttpCall,
  cluster: ServiceHost,
  node: number,
  body: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { views } = bucketFor(call, cluster, Privilege.ViewRead);
  const elsewhere = views.redirect(node);
  if (elsewhere !== undefined) {
    redirect(call, cluster, elsewhere);
    return;
  }
  const view = views.find(designId(call), call.params['view']!);
  const params = readViewParams(call.query, view.definition.reduce !== undefined, body);
  await sendAnswer(call.response, await views.query(node, view, params), params.onError === 'stop');
}

/** Redirects requests to a node without active vbuckets to one that has some. */
function redirect(call: HttpCall, cluster: ServiceHost, node: number): void {
  const entry = cluster.nodes[node];
  if (entry !== undefined) {
    const { ports } = entry;
    const hostname = hostnameFor({ reachedBy: call.hostname }, entry);
    const isSecure = call.request.socket instanceof TLSSocket;
    const base = isSecure
      ? `https://${hostPort(hostname, ports.capiSSL ?? 0)}`
      : `http://${hostPort(hostname, ports.capi)}`;
    call.response.setHeader('location', `${base}${call.request.url}`);
  }
  const reason = 'Cannot execute view query since the node has no active vbuckets';
  call.json(302, { error: 'no_active_vbuckets', reason });
}

async function jsonBody(call: HttpCall): Promise<Record<string, unknown>> {
  const text = (await call.body()).toString('utf8');
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw badRequest(`invalid UTF-8 JSON: ${JSON.stringify(text.slice(0, 100))}`);
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw badRequest('Request body must be a JSON object');
}

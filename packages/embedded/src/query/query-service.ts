import type { HttpCall } from '../http/http-call.js';
import type { HttpService } from '../http/http-listener.js';
import { type Handler, router } from '../http/router.js';
import { warnOfUnknown } from '../http/unknown-endpoint.js';
import { AnswerOutput } from './answer-output.js';
import { type Engine, loadEngine } from './engine.js';
import { libraryRoutes } from './library-routes.js';
import { QueryCatalog } from './query-catalog.js';
import type { QueryHost } from './query-host.js';
import { faultOf, QueryRun } from './query-run.js';
import { type Parameters, readBody, readForm } from './request-body.js';
import { readContextIdOf, readRequest } from './request-parameters.js';

/** What is answered to a wrong name or password. */
const UNAUTHORIZED = { errors: [{ code: 10000, msg: 'Unable to authorize user.' }], status: 'fatal' };

/** What answers at the query port of a node. */
export function queryService(cluster: QueryHost): HttpService {
  const handler: Handler = (call) => answer(call, cluster);
  const paths = ['/query/service', '/query'];
  return router({
    users: cluster.users,
    routes: [
      ...paths.map((path) => ({ method: 'POST', path, isOpen: true, handler }) as const),
      ...paths.map((path) => ({ method: 'GET', path, isOpen: true, handler }) as const),
      { method: 'GET', path: '/admin/ping', isOpen: true, handler: ping },
      ...libraryRoutes(cluster),
      { method: 'GET', path: '/', isOpen: true, handler: (call) => call.text(404, '404 page not found\n') },
    ],
    unauthorized: UNAUTHORIZED,
    notFound: '',
    onUnknown: warnOfUnknown(cluster, 'query'),
  });
}

function ping({ response }: HttpCall): void {
  const body = '{"status":"OK"}\n';
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

async function answer(call: HttpCall, cluster: QueryHost): Promise<void> {
  const { response, user } = call;
  const body = call.method === 'GET' ? '' : (await call.body()).toString('utf8');
  const engine = await loadEngine();
  await cluster.queries.javascript.ready();
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const output = new AnswerOutput(response, `application/json; version=${cluster.plan.version}-N1QL`);
  const catalog = new QueryCatalog(engine, cluster, user);
  const run = new QueryRun({ engine, catalog, clock: cluster.clock, signal: gone.signal }, output);
  let contextId: string | undefined;
  try {
    const parameters = parametersOf(call, body, engine);
    contextId = readContextIdOf(parameters);
    const request = readRequest(parameters, engine);
    await run.run(call.method === 'GET' ? { ...request, readonly: true } : request);
  } catch (error) {
    run.refuse(faultOf(error), contextId);
  }
}

function parametersOf(call: HttpCall, body: string, { parseJson }: Engine): Parameters {
  if (call.method === 'GET') return readForm(call.query, parseJson);
  return readBody(call.request.headers['content-type'] ?? '', body, parseJson);
}

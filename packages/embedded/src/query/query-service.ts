import { carryOut, type FaultyHost } from '../http/faulty-service.js';
import type { HttpCall } from '../http/http-call.js';
import type { HttpService } from '../http/http-listener.js';
import { type Handler, router } from '../http/router.js';
import { warnOfUnknown } from '../http/unknown-endpoint.js';
import { adminRoutes } from './admin-routes.js';
import { AnswerOutput } from './answer-output.js';
import { type Engine, loadEngine } from './engine.js';
import { libraryRoutes } from './library-routes.js';
import { nodeName } from './node-name.js';
import { faultOf, type QueryError } from './query-fault.js';
import type { QueryHost } from './query-host.js';
import { QueryRun } from './query-run.js';
import { type Parameters, readBody, readForm } from './request-body.js';
import { readContextIdOf, readRequest } from './request-parameters.js';
import { requestUser } from './request-user.js';
import { type RequestOrigin, RunningRequest } from './running-request.js';

/** What is answered to a wrong name or password. */
const UNAUTHORIZED = { errors: [{ code: 10000, msg: 'Unable to authorize user.' }], status: 'fatal' };

/**
 * What answers at the query port of a node.
 *
 * @param index the node's
 */
export function queryService(cluster: QueryHost, index: number): HttpService {
  const handler: Handler = (call) => answer(call, cluster, index);
  const paths = ['/query/service', '/query'];
  return router({
    users: cluster.users,
    routes: [
      ...paths.map((path) => ({ method: 'POST', path, isOpen: true, handler }) as const),
      ...paths.map((path) => ({ method: 'GET', path, isOpen: true, handler }) as const),
      { method: 'GET', path: '/admin/ping', isOpen: true, handler: ping },
      ...adminRoutes(cluster, index),
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

async function answer(call: HttpCall, cluster: QueryHost, index: number): Promise<void> {
  const { response, user } = call;
  const { queries, clock } = cluster;
  const running = new RunningRequest(originOf(call, nodeName(cluster, index)), clock.now());
  const body = call.method === 'GET' ? '' : (await call.body()).toString('utf8');
  const engine = await loadEngine();
  await queries.javascript.ready();
  response.once('close', () => running.stop());
  const output = new AnswerOutput(response, `application/json; version=${cluster.plan.version}-N1QL`);
  const run = new QueryRun({ engine, cluster, user, running }, output);
  let contextId: string | undefined;
  queries.requests.begin(running);
  try {
    const parameters = parametersOf(call, body, engine);
    contextId = readContextIdOf(parameters);
    const serve = async (): Promise<void> => {
      const request = readRequest(parameters, engine);
      const named = requestUser(user, parameters.get('creds'), cluster.users);
      const own = new QueryRun({ engine, cluster, user: named, running }, output);
      await own.run(call.method === 'GET' ? { ...request, readonly: true } : request);
    };
    await withFaults(call, cluster.members[index], parameters, (errors) =>
      errors === undefined ? serve() : run.refuse(errors, contextId),
    );
  } catch (error) {
    run.refuse([faultOf(error)], contextId);
  } finally {
    queries.requests.end(engine, running);
  }
}

/** Serves a request, or does to it what the rules of the node say: the errors that it is refused with, if any. */
async function withFaults(
  { request, response }: HttpCall,
  node: FaultyHost | undefined,
  parameters: Parameters,
  serve: (errors?: readonly [QueryError, ...QueryError[]]) => Promise<void> | void,
): Promise<void> {
  const plan = node?.faults?.planOfQuery(String(parameters.get('prepared') ?? parameters.get('statement') ?? ''));
  if (node === undefined || plan === undefined) return serve();
  const [error, ...more] = (plan.errors ?? []).map((each) => ({ ...each, msg: each.msg ?? 'Injected fault' }));
  const service = (): Promise<void> | void => serve(error === undefined ? undefined : [error, ...more]);
  return carryOut(plan, { service, node, request, response });
}

function originOf({ request, user }: HttpCall, node: string): RequestOrigin {
  const { remoteAddress, remotePort } = request.socket;
  return {
    node,
    user: user?.name,
    remoteAddress: `${remoteAddress}:${remotePort}`,
    userAgent: request.headers['user-agent'],
  };
}

function parametersOf(call: HttpCall, body: string, { parseJson }: Engine): Parameters {
  if (call.method === 'GET') return readForm(call.query, parseJson);
  return readBody(call.request.headers['content-type'] ?? '', body, parseJson);
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Users } from '../auth/users.js';
import { HttpCall, HttpRefusal, signer } from './http-call.js';
import type { HttpService } from './http-listener.js';

/** Answers a call; may throw an HttpRefusal instead. */
export type Handler = (call: HttpCall) => void | Promise<void>;

/** The handler of one path and method. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Parts that begin with a colon stand for anything and are handed over by that name. */
  readonly path: string;
  readonly handler: Handler;
  /** Whether requests without authentication are answered too. Default false. */
  readonly isOpen?: boolean;
}

export interface RouterOptions {
  readonly users: Users;
  readonly routes: readonly Route[];
  /** Called for a request without a route, before it is answered with 404; `isSignedIn` is whether it has a user. */
  readonly onUnknown: (method: string, path: string, isSignedIn: boolean) => void;
  /** The answer to requests without authentication. Default nothing. */
  readonly unauthorized?: unknown;
  /** The answer to requests without a route. Default a short text. */
  readonly notFound?: unknown;
}

/** A service made of routes, the first that fits answers. */
export function router(options: RouterOptions): HttpService {
  const { users, routes, onUnknown, unauthorized = '', notFound = 'Not found.' } = options;
  const table = routes.map((route) => ({ route, parts: route.path.split('/') }));
  return async (request, response) => {
    const url = urlOf(request.url ?? '/');
    const parts = url.pathname.replace(/(?<=.)\/$/, '').split('/');
    try {
      for (const { route, parts: pattern } of table) {
        const params = route.method === request.method ? match(pattern, parts) : undefined;
        if (params === undefined) continue;
        await serve(route, request, response, url, params, users);
        return;
      }
      onUnknown(request.method ?? '', url.pathname, signer(request, users) !== undefined);
      throw new HttpRefusal(404, notFound);
    } catch (error) {
      if (!(error instanceof HttpRefusal)) throw error;
      const refusal = error.status === 401 ? new HttpRefusal(401, unauthorized) : error;
      refuse(new HttpCall(request, response, url, {}, undefined), refusal);
    }
  };
}

async function serve(
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  params: Record<string, string>,
  users: Users,
): Promise<void> {
  const user = signer(request, users);
  if (user === undefined && !route.isOpen) throw new HttpRefusal(401, '');
  await route.handler(new HttpCall(request, response, url, params, user));
}

/** A path is never a host, be it `//`. A target that is neither a path nor a URL is not served. */
function urlOf(target: string): URL {
  const text = target.startsWith('/') ? `http://node${target}` : target;
  return new URL(URL.canParse(text) ? text : 'http://node/*');
}

/** The named parts of a path that fits the pattern. */
function match(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    if (part.startsWith(':')) params[part.slice(1)] = decode(parts[index]!);
    else if (part !== parts[index]) return undefined;
  }
  return params;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new HttpRefusal(400, 'malformed percent-encoding in the path');
  }
}

function refuse(call: HttpCall, { status, body }: HttpRefusal): void {
  if (status === 401) call.response.setHeader('www-authenticate', 'Basic realm="Couchbase Server Admin / REST"');
  if (typeof body === 'string') call.text(status, body);
  else call.json(status, body);
}

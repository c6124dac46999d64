import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { ListeningServer, type ListenOptions } from '../net/listening-server.js';
import { foreignReason, type ServedNames } from './request-guard.js';

/** Answers the requests of one port. An error that it throws, or rejects with, becomes the answer 500. */
export type HttpService = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface HttpListenOptions extends ListenOptions {
  readonly names: ServedNames;
}

/** Opens an HTTP port of a node. */
export function listenForHttp(service: HttpService, options: HttpListenOptions): Promise<ListeningServer> {
  const guarded: HttpService = (request, response) => {
    const reason = foreignReason(request.headers, options.names);
    if (reason === undefined) return service(request, response);
    response.writeHead(403, { 'content-type': 'text/plain' });
    response.end(reason);
  };
  const serve: RequestListener = (request, response) => {
    answer(guarded, request, response).catch(() => response.destroy());
  };
  const server = options.tls === undefined ? createServer(serve) : createSecureServer({ ...options.tls }, serve);
  return ListeningServer.listen(server, options);
}

async function answer(service: HttpService, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await service(request, response);
  } catch (error) {
    if (response.headersSent) throw error;
    response.writeHead(500, { 'content-type': 'text/plain' });
    response.end(error instanceof Error ? error.message : String(error));
  }
}

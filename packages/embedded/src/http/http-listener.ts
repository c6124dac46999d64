import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type ListenOptions, portOf } from '../kv/listener.js';

/** Answers the requests of one port. What it throws, or rejects with, becomes the answer 500. */
export type HttpService = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** One HTTP port of one node. */
export class HttpListener {
  readonly #server: Server;

  private constructor(service: HttpService, keepAlive: boolean) {
    this.#server = createServer((request, response) => {
      answer(service, request, response).catch(() => response.destroy());
    });
    if (!keepAlive) {
      this.#server.unref();
      this.#server.on('connection', (socket) => socket.unref());
    }
  }

  /** Starts to listen. Fails as `net.Server.listen` does, for one when the port is taken. */
  static async listen(service: HttpService, { host, port, keepAlive }: ListenOptions): Promise<HttpListener> {
    const listener = new HttpListener(service, keepAlive);
    await new Promise<void>((resolve, reject) => {
      listener.#server.once('error', reject);
      listener.#server.listen(port, host, () => {
        listener.#server.off('error', reject);
        resolve();
      });
    });
    return listener;
  }

  get port(): number {
    return portOf(this.#server);
  }

  /** Takes no further connection and breaks those that are open. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#server.closeAllConnections();
    await closed;
  }
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

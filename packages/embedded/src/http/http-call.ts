import type { IncomingMessage, ServerResponse } from 'node:http';
import type { User } from '../auth/user.js';
import type { Users } from '../auth/users.js';
import { nameOf } from './request-guard.js';

/** Maximum size of the body of a request, in bytes: design documents and forms are far below. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;

/** An error that becomes an answer other than success. */
export class HttpRefusal extends Error {
  readonly status: number;
  /** A string is sent as text, anything else as JSON. */
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super(`HTTP ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** An HTTP request: its content, its user, and the ways to answer it. */
export class HttpCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The decoded parts of the path that the route names. */
  readonly params: Readonly<Record<string, string>>;
  /** The user of the request; undefined without one. */
  readonly user: User | undefined;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    params: Record<string, string>,
    user: User | undefined,
  ) {
    this.request = request;
    this.response = response;
    this.method = request.method ?? 'GET';
    this.path = url.pathname;
    this.query = url.searchParams;
    this.params = params;
    this.user = user;
  }

  /** The name by which the client found this node. */
  get hostname(): string {
    return nameOf(this.request.headers.host ?? '127.0.0.1');
  }

  json(status: number, body: unknown): void {
    this.#send(status, 'application/json', JSON.stringify(body));
  }

  text(status: number, body: string): void {
    this.#send(status, 'text/plain', body);
  }

  /**
   * The whole body.
   * @throws HttpRefusal 413 when it is over the limit.
   */
  async body(): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of this.request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > BODY_BYTES_MAX) throw new HttpRefusal(413, `the body is over the limit of ${BODY_BYTES_MAX} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  /** The fields of the body, which is a form. */
  async form(): Promise<URLSearchParams> {
    return new URLSearchParams((await this.body()).toString('utf8'));
  }

  #send(status: number, type: string, body: string): void {
    const bytes = Buffer.from(body);
    this.response.writeHead(status, {
      'content-type': type,
      'content-length': bytes.length,
      'cache-control': 'no-cache',
    });
    this.response.end(bytes);
  }
}

/**
 * Returns the user of the request's basic authentication; undefined without one.
 * @throws HttpRefusal 401 when the name or the password is wrong.
 */
export function signer(request: IncomingMessage, users: Users): User | undefined {
  const { authorization } = request.headers;
  if (authorization === undefined) return undefined;
  const [, encoded] = /^basic +(.*)$/i.exec(authorization) ?? [];
  const [, name, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? [];
  const user = name === undefined ? undefined : users.authenticate(name, password!);
  if (user === undefined) throw new HttpRefusal(401, '');
  return user;
}

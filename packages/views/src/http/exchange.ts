import type { Agent, ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { CouchbaseError, NetworkError, ProtocolError } from '@cb/raw';
import { ChunkedBody } from './chunked-body.js';
import type { SocketStream } from './socket-stream.js';

/** A request to send. */
export interface OutgoingRequest {
  readonly host: string;
  readonly port: number;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** The beginning of an answer. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The node that answers, as `host:port`. */
  readonly node: string;
  readonly path: string;
}

/** Pauses and resumes an answer, down to the socket. */
export interface Flow {
  pause(): void;
  resume(): void;
}

/** Reads an answer that was accepted. */
export interface AnswerReader {
  /** Begins an answer. Everything received in earlier attempts is void. */
  begin(head: AnswerHead, flow: Flow): void;
  /** Receives the next bytes, which are valid until it returns. */
  chunk(bytes: Buffer): void;
}

/** The outcome of an attempt. */
export type Outcome =
  | { readonly kind: 'complete' }
  | { readonly kind: 'refused'; readonly head: AnswerHead; readonly body: string }
  | { readonly kind: 'broken'; readonly error: CouchbaseError; readonly sent: boolean };

/** Maximum size of the body of a refusal that is read, in bytes. */
const REFUSAL_BYTES_MAX = 1024 * 1024;
/** The codes of `node:http` for answers that are not HTTP. */
const PARSE_ERROR = /^HPE_/;
/** `Keep-Alive: timeout=5`, in seconds. */
const IDLE_SECONDS = /timeout=(\d+)/;

/**
 * Sends a request once. An answer with status 200 or 201 goes to the reader; any other is the outcome. Never rejects.
 */
export function exchange(
  agent: Agent,
  outgoing: OutgoingRequest,
  reader: AnswerReader,
  signal: AbortSignal,
): Promise<Outcome> {
  const { body, host, port, ...options } = outgoing;
  const node = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new Promise((resolve) => {
    const sending = process.getBuiltinModule('node:http').request({ ...options, host, port, agent, setHost: true });
    // Without the reason, which is known: a connection that was just released would emit it without a listener.
    const onAbort = (): void => void sending.destroy();
    const end = (outcome: Outcome): void => {
      signal.removeEventListener('abort', onAbort);
      resolve(outcome);
    };
    const onBroken = (error?: Error): void =>
      end({ kind: 'broken', error: asCouchbaseError(error, node), sent: wasSent(sending) });
    signal.addEventListener('abort', onAbort, { once: true });
    sending.on('error', onBroken);
    sending.on('response', (message) => {
      const head = { status: message.statusCode!, headers: message.headers, node, path: options.path };
      noteIdleTime(sending, message);
      message.on('error', onBroken);
      // Without an error when the server closes in the middle of an answer.
      message.on('close', () => onBroken());
      if (head.status === 200 || head.status === 201) readAccepted(message, head, reader, end);
      else readRefusal(message, head, end);
    });
    sending.end(body);
  });
}

function readAccepted(
  message: IncomingMessage,
  head: AnswerHead,
  reader: AnswerReader,
  end: (outcome: Outcome) => void,
): void {
  const take = (bytes: Buffer): void => reader.chunk(bytes);
  const stream = message.socket as unknown as SocketStream;
  const isDiverted = message.headers['transfer-encoding'] === 'chunked' && stream.divert(new ChunkedBody(take));
  const hold = (isHeld: boolean): void => {
    if (isHeld) message.pause();
    else message.resume();
    if (isDiverted) stream.holdBody(isHeld);
  };
  reader.begin(head, { pause: () => hold(true), resume: () => hold(false) });
  message.on('data', take);
  message.on('end', () => end({ kind: 'complete' }));
}

function readRefusal(message: IncomingMessage, head: AnswerHead, end: (outcome: Outcome) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  message.on('data', (chunk: Buffer) => {
    if (bytes < REFUSAL_BYTES_MAX) chunks.push(chunk);
    bytes += chunk.length;
  });
  message.on('end', () => end({ kind: 'refused', head, body: Buffer.concat(chunks).toString('utf8') }));
}

function noteIdleTime({ socket }: ClientRequest, { headers }: IncomingMessage): void {
  const seconds = IDLE_SECONDS.exec(String(headers['keep-alive'] ?? ''))?.[1];
  if (seconds !== undefined && socket !== null)
    (socket as unknown as SocketStream).serverIdleMs = Number(seconds) * 1000;
}

/** Whether the server may have seen the request. */
function wasSent(sending: ClientRequest): boolean {
  return (sending.socket as SocketStream | null)?.connected ?? false;
}

function asCouchbaseError(error: Error | undefined, node: string): CouchbaseError {
  if (error instanceof CouchbaseError) return error;
  const { code = '', message = 'the connection was closed' } = (error ?? {}) as { code?: string; message?: string };
  const ErrorClass = PARSE_ERROR.test(code) ? ProtocolError : NetworkError;
  return new ErrorClass(`${node}: ${message}`, { cause: error, node });
}

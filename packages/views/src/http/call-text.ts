import { type CouchbaseError, ObjectDestroyedError, ProtocolError } from '@cb/raw';
import type { BucketServices } from '@cb/raw/internal';
import type { AnswerHead, Flow } from './exchange.js';
import type { CallReader, ServiceRequest } from './service-call.js';
import type { ServiceClient } from './service-client.js';

const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

/** A whole answer. */
export interface TextAnswer {
  readonly head: AnswerHead;
  readonly text: string;
}

/** Calls a service and reads its answer as a whole, as part of registered work. Rejects with a `CouchbaseError`. */
export async function callText(client: ServiceClient, request: ServiceRequest): Promise<TextAnswer> {
  const reader = new TextReader();
  await client.call(request, reader);
  if (reader.bytes <= ANSWER_BYTES_MAX)
    return { head: reader.head!, text: Buffer.concat(reader.chunks).toString('utf8') };
  throw new ProtocolError(`${request.name}: the answer has more than ${ANSWER_BYTES_MAX} bytes`);
}

/** Calls a service and returns its answer, which is a JSON object. */
export async function callJson(client: ServiceClient, request: ServiceRequest): Promise<object> {
  const { head, text } = await callText(client, request);
  const answer = parsed(text);
  if (typeof answer === 'object' && answer !== null) return answer;
  throw new ProtocolError(`${request.name}: the answer of ${head.node} is not a JSON object`, { node: head.node });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Registers one or several calls as work of the bucket, which stays open until they end and cancels them when it is
 * destroyed. Rejects with `ClientTemporaryFailError` unless the bucket is connected.
 */
export async function asWork<T>(
  services: BucketServices,
  name: string,
  signal: AbortSignal | undefined,
  action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const destroyed = `the bucket was destroyed before ${name} ended`;
  const work = {
    destroy: (error: CouchbaseError | undefined) =>
      controller.abort(error ?? new ObjectDestroyedError(destroyed, { operation: name })),
  };
  services.begin(work);
  try {
    return await action(signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]));
  } finally {
    services.end(work);
  }
}

class TextReader implements CallReader {
  head: AnswerHead | undefined = undefined;
  chunks: Buffer[] = [];
  bytes = 0;

  get progress(): string {
    return this.bytes === 0 ? '' : `; ${this.bytes} bytes arrived`;
  }

  begin(head: AnswerHead, _flow: Flow): void {
    this.head = head;
    this.chunks = [];
    this.bytes = 0;
  }

  chunk(bytes: Buffer): void {
    this.bytes += bytes.length;
    if (this.bytes <= ANSWER_BYTES_MAX) this.chunks.push(Buffer.from(bytes));
  }

  broke(): boolean {
    return false;
  }
}

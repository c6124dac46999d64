import { HEADER_BYTES, TooBigError } from '@cb/protocol';
import type { Operation } from './operation.js';

/**
 * Maximum length of a value, in bytes, before it is compressed (kv_engine `max_item_size`, which the server compares with the
 * inflated value).
 */
export const VALUE_BYTES_MAX = 20 * 1024 * 1024;
/** Maximum length of a request, in bytes: a server closes the connection of a longer one (kv_engine `max_packet_size`). */
const REQUEST_BYTES_MAX = 30 * 1024 * 1024;
/** Maximum number of bytes that a UTF-16 unit takes in UTF-8. */
const UNIT_BYTES_MAX = 3;
/** More than framing extras, extras, key and collection id are together. */
const HEAD_BYTES_MAX = HEADER_BYTES + 512;

type Payload = string | Uint8Array;

/** @throws TooBigError for a value that no server would store. Nothing is measured where the length alone shows that it fits. */
export function checkValueBytes(operation: Operation, payload: Payload): void {
  if (payload.length * UNIT_BYTES_MAX <= VALUE_BYTES_MAX) return;
  const bytes = bytesOf(payload);
  if (bytes > VALUE_BYTES_MAX) throw tooBig(operation, 'the value', bytes, VALUE_BYTES_MAX);
}

/** @throws TooBigError for parts of one request, of which one or all together are longer than a server takes. */
export function checkPartsBytes(
  operation: Operation,
  parts: readonly (readonly [path: string, payload: Payload])[],
): void {
  for (const [, payload] of parts) checkValueBytes(operation, payload);
  const units = parts.reduce((sum, [path, payload]) => sum + path.length + payload.length, HEAD_BYTES_MAX);
  if (units * UNIT_BYTES_MAX <= REQUEST_BYTES_MAX) return;
  const bytes = parts.reduce((sum, [path, payload]) => sum + bytesOf(path) + bytesOf(payload), HEAD_BYTES_MAX);
  if (bytes > REQUEST_BYTES_MAX) throw tooBig(operation, 'the request', bytes, REQUEST_BYTES_MAX);
}

function bytesOf(payload: Payload): number {
  return typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
}

function tooBig(operation: Operation, what: string, bytes: number, bytesMax: number): TooBigError {
  const message = `${what} of ${operation.spec.name} is ${bytes} bytes long; at most ${bytesMax} are allowed`;
  return new TooBigError(message, operation.details());
}

import { createHash } from 'node:crypto';
import { parseJson } from '../values/json-parse.js';
import { jsonText } from '../values/json-text.js';
import { BinaryValue, isObject, type Value } from '../values/value.js';
import type { FunctionSpec } from './function-spec.js';
import { fixed, isNumber, isString, of1, ranged } from './operands.js';

/** Names of the digests, and what they are called in Node. */
const DIGESTS: ReadonlyMap<string, string> = new Map([
  ['md5', 'md5'],
  ['sha1', 'sha1'],
  ['sha224', 'sha224'],
  ['sha256', 'sha256'],
  ['sha384', 'sha384'],
  ['sha512', 'sha512'],
  ['sha512/224', 'sha512-224'],
  ['sha512/256', 'sha512-256'],
]);
/** Polynomials of checksums, the lowest power first. */
const POLYNOMIALS: ReadonlyMap<string, number> = new Map([
  ['ieee', 0xedb88320],
  ['castagnoli', 0x82f63b78],
  ['koopman', 0xeb31d82e],
]);
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Functions of the bytes of a value, which are those of its JSON text. */
export const HASHES: readonly FunctionSpec[] = [
  ranged(['hashbytes'], [1, 2], 'string', (_context, value, option) =>
    value === undefined || value === null ? value : hash(value, option),
  ),
  fixed(['base64', 'base64_encode', 'encode_base64'], 1, 'string', (_context, value) =>
    value === undefined ? undefined : bytesOf(value).toString('base64'),
  ),
  fixed(['base64_decode', 'decode_base64'], 1, 'string', of1(isString, decodeBase64)),
];

function bytesOf(value: Value): Buffer {
  return value instanceof BinaryValue ? Buffer.from(value.bytes) : Buffer.from(jsonText(value));
}

/** What was encoded is a value again if it is JSON. */
function decodeBase64(text: string): Value {
  if (!BASE64.test(text)) return null;
  const bytes = Buffer.from(text, 'base64');
  try {
    return parseJson(bytes.toString());
  } catch {
    return new BinaryValue(bytes);
  }
}

/** An option is the name of the algorithm, or an object that may hold it. */
function hash(value: Value, option: Value): Value {
  if (option !== undefined && option !== null && !isString(option) && !isObject(option)) return null;
  const named = isObject(option) ? option['algorithm'] : option;
  const algorithm = isString(named) ? named.toLowerCase() : 'sha256';
  const bytes = isString(value) ? Buffer.from(value) : bytesOf(value);
  if (algorithm === 'crc32') {
    const polynomial = polynomialOf(isObject(option) ? option['polynomial'] : undefined);
    return polynomial === undefined ? null : checksum(bytes, polynomial).toString(16).padStart(8, '0');
  }
  const digest = DIGESTS.get(algorithm);
  return digest === undefined ? null : createHash(digest).update(bytes).digest('hex');
}

function polynomialOf(option: Value): number | undefined {
  if (isNumber(option)) return Number(option) >>> 0;
  if (!isString(option)) return POLYNOMIALS.get('ieee');
  return POLYNOMIALS.get(option.toLowerCase()) ?? (/^0x[0-9a-f]{1,8}$/i.test(option) ? Number(option) : undefined);
}

function checksum(bytes: Uint8Array, polynomial: number): number {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ polynomial : sum >>> 1;
  }
  return ~sum >>> 0;
}

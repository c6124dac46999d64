import { ProtocolError } from './errors/client-errors.js';
import type { SaslMechanism } from './sasl.js';

/**
 * What client and server share of SCRAM (RFC 5802; RFC 7677 for SHA-256): attributes, keys and proofs.
 *
 *   client-first   n,,n=<user>,r=<client nonce>
 *   server-first   r=<client nonce><server nonce>,s=<salt>,i=<iterations>
 *   client-final   c=biws,r=<both nonces>,p=<proof>
 *   server-final   v=<signature>
 *
 * Names and passwords are taken as UTF-8 without SASLprep, as the server does.
 */
export type ScramMechanism = Exclude<SaslMechanism, 'PLAIN'>;

/** The primitives of one mechanism's hash, passed in so that nothing here depends on a runtime. */
export interface ScramCrypto {
  /** Returns the hash of bytes. */
  hash(data: Uint8Array): Uint8Array;
  /** Returns the HMAC of bytes. */
  hmac(key: Uint8Array, data: Uint8Array): Uint8Array;
  /** PBKDF2 with the HMAC above; the result is as long as the hash. */
  pbkdf2(password: Uint8Array, salt: Uint8Array, iterations: number): Uint8Array;
}

/**
 * Default minimum of the iterations that a client accepts. An impostor of a server chooses their number, and gets a
 * proof against which it can try passwords, each at that price. RFC 7677 recommends 4,096; servers before 7.6 have
 * 4,000 (ns_server's scram_sha.erl), and 15,000 from then on.
 */
export const SCRAM_ITERATIONS_MIN = 4000;

/** Maximum number of iterations: they take about a second. */
export const SCRAM_ITERATIONS_MAX = 1_000_000;

/** `n,,` in base64: no channel binding, no other identity to act as. */
export const NO_BINDING = 'biws';

/** The credential that a server stores instead of the password. */
export interface ScramCredential {
  /** The salt of the password. */
  readonly salt: Uint8Array;
  /** The number of iterations of PBKDF2. */
  readonly iterations: number;
  /** StoredKey of RFC 5802. */
  readonly storedKey: Uint8Array;
  /** ServerKey of RFC 5802. */
  readonly serverKey: Uint8Array;
}

/** Returns the keys of both sides. `salted` is the expensive part, and may be kept by (password, salt, iterations). */
export function scramKeys(crypto: Pick<ScramCrypto, 'hash' | 'hmac'>, salted: Uint8Array) {
  const clientKey = crypto.hmac(salted, Buffer.from('Client Key'));
  return { clientKey, storedKey: crypto.hash(clientKey), serverKey: crypto.hmac(salted, Buffer.from('Server Key')) };
}

/** Returns the credential that a server stores for a password. */
export function scramCredential(
  crypto: ScramCrypto,
  password: string,
  salt: Uint8Array,
  iterations: number,
): ScramCredential {
  const { storedKey, serverKey } = scramKeys(crypto, crypto.pbkdf2(Buffer.from(password), salt, iterations));
  return { salt, iterations, storedKey, serverKey };
}

/**
 * Returns the attributes of a message by letter. A value ends at the next comma and nowhere else: nonces may contain
 * spaces and equals signs.
 * @throws ProtocolError when the message is not a list of attributes, or repeats one.
 */
export function parseAttributes(message: string, what: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const part of message.split(',')) {
    if (!/^[A-Za-z]=/.test(part)) throw new ProtocolError(`the SCRAM ${what} has a part that is not an attribute`);
    if (attributes.has(part[0]!)) throw new ProtocolError(`the SCRAM ${what} has ${part[0]}= twice`);
    attributes.set(part[0]!, part.slice(2));
  }
  // RFC 5802, 5.1: an unknown extension that is marked as mandatory is a failure.
  if (attributes.has('m')) throw new ProtocolError(`the SCRAM ${what} asks for an extension`);
  return attributes;
}

/** @throws ProtocolError when the attribute is missing or empty. */
export function attribute(attributes: ReadonlyMap<string, string>, letter: string, what: string): string {
  const value = attributes.get(letter);
  if (value === undefined || value === '') throw new ProtocolError(`the SCRAM ${what} has no ${letter}=`);
  return value;
}

/** @throws ProtocolError when the attribute is not base64. */
export function bytesAttribute(attributes: ReadonlyMap<string, string>, letter: string, what: string): Buffer {
  const text = attribute(attributes, letter, what);
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new ProtocolError(`${letter}= of the SCRAM ${what} is not base64`);
  return bytes;
}

export function xor(left: Uint8Array, right: Uint8Array): Buffer {
  return Buffer.from(left.map((byte, at) => byte ^ right[at]!));
}

/** Compares in constant time. */
export function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let at = 0; at < left.length; at++) difference |= left[at]! ^ right[at]!;
  return difference === 0;
}

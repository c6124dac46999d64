import { ArgumentError, FeatureNotAvailableError, ProtocolError } from './errors/client-errors.js';

/**
 * The supported mechanisms, the strongest first. Their names are Couchbase's, without the dash of RFC 7677 in SHA-256.
 */
export const SASL_MECHANISMS = ['SCRAM-SHA512', 'SCRAM-SHA256', 'SCRAM-SHA1', 'PLAIN'] as const;

/** The name of a SASL mechanism. */
export type SaslMechanism = (typeof SASL_MECHANISMS)[number];

/**
 * Returns the best mechanism that both sides support.
 * @param offered the server's answer to SASL_LIST_MECHS: names separated by spaces.
 * @param allowsPlain whether the password itself may be sent: over TLS, or when the user insists (LDAP).
 * @throws FeatureNotAvailableError when there is none.
 */
export function chooseMechanism(offered: string, allowsPlain: boolean): SaslMechanism {
  const names = offered.split(/\s+/).filter((name) => name !== '');
  const best = SASL_MECHANISMS.find((mechanism) => names.includes(mechanism) && (mechanism !== 'PLAIN' || allowsPlain));
  if (best !== undefined) return best;
  const why = names.includes('PLAIN') ? 'PLAIN is not allowed without TLS' : `known are ${SASL_MECHANISMS.join(', ')}`;
  throw new FeatureNotAvailableError(
    `no SASL mechanism in common: the server offers ${names.join(', ') || 'none'}, ${why}`,
  );
}

/** A user name and a password. */
export interface PlainCredentials {
  /** The name of the user. */
  readonly username: string;
  /** The password. */
  readonly password: string;
}

/**
 * The one message of PLAIN: NUL, user name, NUL, password (RFC 4616, without the identity to act as).
 * @throws ArgumentError when the user name is empty, or one of the two has a NUL, which the message cannot contain.
 */
export function plainMessage({ username, password }: PlainCredentials): string {
  if (username === '') throw new ArgumentError('username must not be empty');
  if (username.includes('\0')) throw new ArgumentError('username must not contain a NUL character');
  if (password.includes('\0')) throw new ArgumentError('password must not contain a NUL character');
  return `\0${username}\0${password}`;
}

/**
 * Reads the one message of PLAIN as the server does: an identity to act as, before the first NUL, is passed over, and
 * one NUL after the password, which some clients add, is dropped.
 * @throws ProtocolError when it does not have the two NULs that separate its parts.
 */
export function parsePlainMessage(message: Uint8Array): PlainCredentials {
  const text = Buffer.from(message.buffer, message.byteOffset, message.length).toString();
  const nameStart = text.indexOf('\0') + 1;
  const nameEnd = text.indexOf('\0', nameStart);
  if (nameStart === 0 || nameEnd < 0) throw new ProtocolError('a PLAIN message has its parts separated by two NULs');
  return { username: text.slice(nameStart, nameEnd), password: text.slice(nameEnd + 1).replace(/\0$/, '') };
}

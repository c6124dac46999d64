import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { type ScramCredential, type ScramCrypto, type ScramMechanism, scramCredential } from '@cb/protocol';

/** The hash of each mechanism, by the name it has in OpenSSL, and its length in bytes. */
const HASHES: Readonly<Record<ScramMechanism, { readonly name: string; readonly bytes: number }>> = {
  'SCRAM-SHA512': { name: 'sha512', bytes: 64 },
  'SCRAM-SHA256': { name: 'sha256', bytes: 32 },
  'SCRAM-SHA1': { name: 'sha1', bytes: 20 },
};

/** The primitives of a mechanism. */
export function scramCrypto(mechanism: ScramMechanism): ScramCrypto {
  const { name, bytes } = HASHES[mechanism];
  return {
    hash: (data) => createHash(name).update(data).digest(),
    hmac: (key, data) => createHmac(name, key).update(data).digest(),
    pbkdf2: (password, salt, iterations) => pbkdf2Sync(password, salt, iterations, bytes, name),
  };
}

/** Returns the length of a mechanism's salt in bytes, which is that of its hash. */
export function saltBytes(mechanism: ScramMechanism): number {
  return HASHES[mechanism].bytes;
}

export function isScramMechanism(name: string): name is ScramMechanism {
  return Object.hasOwn(HASHES, name);
}

/**
 * The number of iterations in challenges to unknown users, whatever that of known ones. Source: recorded from a 7.2
 * server.
 */
const ITERATIONS_OF_NOBODY = 4096;

/**
 * Returns a credential for a user that does not exist: always the same salt for the same name, and a key that no
 * password has, so that the challenge does not reveal which users exist.
 */
export function credentialOfNobody(mechanism: ScramMechanism, name: string, fallbackSalt: Uint8Array): ScramCredential {
  const crypto = scramCrypto(mechanism);
  const salt = crypto.hmac(Buffer.from(name), fallbackSalt);
  return { salt, iterations: ITERATIONS_OF_NOBODY, storedKey: crypto.hash(salt), serverKey: salt };
}

/** Returns the stored credential of a password. */
export function credentialOf(
  mechanism: ScramMechanism,
  password: string,
  salt: Uint8Array,
  iterations: number,
): ScramCredential {
  return scramCredential(scramCrypto(mechanism), password, salt, iterations);
}

import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type { ScramCrypto, ScramMechanism } from '../src/scram.js';

const HASHES = { 'SCRAM-SHA1': 'sha1', 'SCRAM-SHA256': 'sha256', 'SCRAM-SHA512': 'sha512' } as const;
const BYTES = { sha1: 20, sha256: 32, sha512: 64 } as const;

/** The primitives of a mechanism, from node:crypto. */
export function scramCrypto(mechanism: ScramMechanism): ScramCrypto {
  const name = HASHES[mechanism];
  return {
    hash: (data) => createHash(name).update(data).digest(),
    hmac: (key, data) => createHmac(name, key).update(data).digest(),
    pbkdf2: (password, salt, iterations) => pbkdf2Sync(password, salt, iterations, BYTES[name], name),
  };
}

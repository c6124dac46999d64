import type { SaltedPassword, ScramCrypto, ScramMechanism } from '@cb/protocol';

interface HashKind {
  readonly algorithm: string;
  readonly bytes: number;
}

const HASHES: Record<ScramMechanism, HashKind> = {
  'SCRAM-SHA512': { algorithm: 'sha512', bytes: 64 },
  'SCRAM-SHA256': { algorithm: 'sha256', bytes: 32 },
  'SCRAM-SHA1': { algorithm: 'sha1', bytes: 20 },
};

/** The primitives of a SCRAM mechanism, from `node:crypto`: not imported, as that would load all of WebCrypto too. */
export function scramCrypto(mechanism: ScramMechanism): ScramCrypto {
  const { createHash, createHmac, pbkdf2Sync } = process.getBuiltinModule('node:crypto');
  const { algorithm, bytes } = HASHES[mechanism];
  return {
    hash: (data) => createHash(algorithm).update(data).digest(),
    hmac: (key, data) => createHmac(algorithm, key).update(data).digest(),
    pbkdf2: (password, salt, iterations) => pbkdf2Sync(password, salt, iterations, bytes, algorithm),
  };
}

/**
 * Keeps what PBKDF2 made of one password, so that only the first connection of a bucket pays for it: it is made slow
 * on purpose, and a server gives all connections of a user the same salt.
 */
export class SaltedPasswordCache {
  readonly #kept = new Map<string, Uint8Array>();

  /** For connections that use this mechanism. */
  for(mechanism: ScramMechanism): SaltedPassword {
    const crypto = scramCrypto(mechanism);
    return (password, salt, iterations) => {
      const id = `${mechanism} ${iterations} ${Buffer.from(salt).toString('base64')} ${password}`;
      let salted = this.#kept.get(id);
      if (salted === undefined) {
        salted = crypto.pbkdf2(Buffer.from(password), salt, iterations);
        this.#kept.set(id, salted);
      }
      return salted;
    };
  }
}

import type { ScramCrypto, ScramMechanism } from '@cb/protocol';

interface HashKind {
  readonly algorithm: string;
  readonly bytes: number;
}

/** The hash of each mechanism, by the name it has in OpenSSL, and its length. */
export const HASHES: Record<ScramMechanism, HashKind> = {
  'SCRAM-SHA512': { algorithm: 'sha512', bytes: 64 },
  'SCRAM-SHA256': { algorithm: 'sha256', bytes: 32 },
  'SCRAM-SHA1': { algorithm: 'sha1', bytes: 20 },
};

/** The fast primitives of a SCRAM mechanism, from `node:crypto`: not imported, as that would load all of WebCrypto too. */
export function scramCrypto(mechanism: ScramMechanism): Pick<ScramCrypto, 'hash' | 'hmac'> {
  const { createHash, createHmac } = process.getBuiltinModule('node:crypto');
  const { algorithm } = HASHES[mechanism];
  return {
    hash: (data) => createHash(algorithm).update(data).digest(),
    hmac: (key, data) => createHmac(algorithm, key).update(data).digest(),
  };
}

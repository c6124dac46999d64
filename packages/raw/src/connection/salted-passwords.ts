import type { ScramChallenge, ScramMechanism } from '@cb/protocol';
import { deriveKey } from '../iops/derive-key.js';
import type { IOPS } from '../iops/iops.js';
import { HASHES } from './scram-crypto.js';

/** Maximum number of salted passwords that are kept: a server that invents salts must not fill the memory. */
const KEPT_MAX = 16;

type Salted = (error: Error | null, salted: Uint8Array) => void;

/**
 * The salted passwords that PBKDF2 makes of one password. It is slow on purpose, and a server gives all connections of a
 * user the same salt: the results are kept, and only the first connection of a bucket pays for one.
 */
export class SaltedPasswords {
  readonly #kept = new Map<string, Uint8Array>();
  /** The keys that are being derived, and the callers that wait for them. */
  readonly #awaited = new Map<string, Salted[]>();

  /** The salted password, if it is kept. */
  kept(mechanism: ScramMechanism, challenge: ScramChallenge): Uint8Array | undefined {
    return this.#kept.get(idOf(mechanism, challenge));
  }

  /** Salts the password, not within this call, and keeps it. */
  derive(iops: IOPS, mechanism: ScramMechanism, challenge: ScramChallenge, password: string, salted: Salted): void {
    const id = idOf(mechanism, challenge);
    const others = this.#awaited.get(id);
    if (others !== undefined) {
      others.push(salted);
      return;
    }
    const { salt, iterations } = challenge;
    const { algorithm: hash, bytes } = HASHES[mechanism];
    const asked = { password: Buffer.from(password), salt, iterations, hash, bytes };
    const end: Salted = (error, key) => {
      if (error === null) this.#keep(id, key);
      const waiting = this.#awaited.get(id) ?? [];
      this.#awaited.delete(id);
      for (const each of waiting) each(error, key);
    };
    this.#awaited.set(id, [salted]);
    try {
      if (iops.deriveKey === undefined) deriveKey(asked, end);
      else iops.deriveKey(asked, end);
    } catch (thrown) {
      this.#awaited.delete(id);
      throw thrown;
    }
  }

  #keep(id: string, salted: Uint8Array): void {
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= KEPT_MAX && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(id, salted);
  }
}

function idOf(mechanism: ScramMechanism, { salt, iterations }: ScramChallenge): string {
  return `${mechanism} ${iterations} ${Buffer.from(salt).toString('base64')}`;
}

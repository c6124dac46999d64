import { timingSafeEqual } from 'node:crypto';
import type { ScramCredential, ScramMechanism } from '@cb/protocol';
import type { Random } from '../base/random.js';
import { credentialOf, saltBytes } from './scram-credentials.js';

/** The parameters of SCRAM keys. */
export interface ScramSettings {
  readonly iterations: number;
  readonly random: Random;
}

/** The salts of SCRAM, by mechanism; base64. Random ones take the place of those that are not given. */
export interface Salts {
  /** The salt for SCRAM with SHA-512. */
  readonly 'SCRAM-SHA512'?: string | undefined;
  /** The salt for SCRAM with SHA-256. */
  readonly 'SCRAM-SHA256'?: string | undefined;
  /** The salt for SCRAM with SHA-1. */
  readonly 'SCRAM-SHA1'?: string | undefined;
}

/** A password, and its SCRAM keys. */
export class Password {
  /** Milliseconds since the epoch. */
  readonly changedAt: number;
  readonly #text: string;
  readonly #salts: Salts;
  readonly #scram: ScramSettings;
  readonly #credentials = new Map<ScramMechanism, ScramCredential>();

  constructor(text: string, changedAt: number, scram: ScramSettings, salts: Salts = {}) {
    this.#text = text;
    this.changedAt = changedAt;
    this.#scram = scram;
    this.#salts = salts;
  }

  matches(text: string): boolean {
    const given = Buffer.from(text);
    const own = Buffer.from(this.#text);
    return given.length === own.length && timingSafeEqual(given, own);
  }

  /** The SCRAM keys; derived once, because the iterations make that slow on purpose. */
  credential(mechanism: ScramMechanism): ScramCredential {
    let credential = this.#credentials.get(mechanism);
    if (credential === undefined) {
      const salt = this.#salts[mechanism] ?? this.#scram.random.hex(2 * saltBytes(mechanism));
      const bytes = Buffer.from(salt, this.#salts[mechanism] === undefined ? 'hex' : 'base64');
      credential = credentialOf(mechanism, this.#text, bytes, this.#scram.iterations);
      this.#credentials.set(mechanism, credential);
    }
    return credential;
  }
}

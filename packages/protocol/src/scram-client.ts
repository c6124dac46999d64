import { ArgumentError, ProtocolError } from './errors/client-errors.js';
import { AuthError } from './errors/kv-errors.js';
import type { PlainCredentials } from './sasl.js';
import {
  attribute,
  bytesAttribute,
  isEqual,
  NO_BINDING,
  parseAttributes,
  SCRAM_ITERATIONS_MAX,
  SCRAM_ITERATIONS_MIN,
  type ScramCrypto,
  scramKeys,
  xor,
} from './scram.js';

/** The challenge of a server: the salt and iterations of PBKDF2. */
export interface ScramChallenge {
  /** The salt of the password. */
  readonly salt: Uint8Array;
  /** The number of iterations of PBKDF2. */
  readonly iterations: number;
}

/** Options of a `ScramClient`. */
export interface ScramClientOptions extends PlainCredentials {
  /** The hash functions. */
  readonly crypto: Pick<ScramCrypto, 'hash' | 'hmac'>;
  /** A random nonce that is used once: printable ASCII without a comma. */
  readonly nonce: string;
  /** Minimum number of iterations that is accepted, from 1. Default `SCRAM_ITERATIONS_MIN`. */
  readonly iterationsMin?: number | undefined;
}

/**
 * The client's side of one SCRAM exchange, without channel binding:
 *
 *   first() -> challenged(server-first) -> final(salted password) -> verify(server-final)
 *
 * Salting the password is slow on purpose, so it is left to the caller: it can run in parallel with other work, and be kept,
 * as a server gives all connections of a user the same salt.
 *
 * Each is called once, in this order; only when `verify` returns has the server shown that it knows the password too.
 */
export class ScramClient {
  readonly #options: ScramClientOptions;
  readonly #firstBare: string;
  #state: 'new' | 'first sent' | 'challenged' | 'final sent' | 'verified' | 'failed' = 'new';
  #challenge = '';
  #nonces = '';
  #signature: Uint8Array | undefined;

  /** @throws ArgumentError when the nonce is empty or has invalid characters. */
  constructor(options: ScramClientOptions) {
    if (!/^[\x20-\x2b\x2d-\x7e]+$/.test(options.nonce)) {
      throw new ArgumentError('nonce must be one or more printable ASCII characters other than the comma');
    }
    this.#options = options;
    this.#firstBare = `n=${escapeName(options.username)},r=${options.nonce}`;
  }

  /** How far the exchange is. */
  get state(): string {
    return this.#state;
  }

  /** Returns the first message, the initial response of SASL_AUTH. */
  first(): string {
    this.#enter('new', 'first sent');
    return `n,,${this.#firstBare}`;
  }

  /**
   * Parses the server's challenge.
   * @throws ProtocolError when it is malformed, does not continue the nonce, or asks for too few iterations or more
   * than 1,000,000.
   */
  challenged(challenge: string): ScramChallenge {
    this.#enter('first sent', 'failed');
    const { nonce, iterationsMin = SCRAM_ITERATIONS_MIN } = this.#options;
    const attributes = parseAttributes(challenge, 'challenge');
    const nonces = attribute(attributes, 'r', 'challenge');
    if (!nonces.startsWith(nonce) || nonces.length === nonce.length) {
      throw new ProtocolError("the SCRAM challenge's nonce does not continue the one that was sent");
    }
    const salt = bytesAttribute(attributes, 's', 'challenge');
    const iterations = parseIterations(attribute(attributes, 'i', 'challenge'), iterationsMin);
    this.#challenge = challenge;
    this.#nonces = nonces;
    this.#state = 'challenged';
    return { salt, iterations };
  }

  /**
   * Returns the answer to the challenge.
   * @param salted the password (UTF-8) after PBKDF2, with the salt and the iterations of the challenge.
   */
  final(salted: Uint8Array): string {
    this.#enter('challenged', 'failed');
    const { crypto } = this.#options;
    const keys = scramKeys(crypto, salted);
    const withoutProof = `c=${NO_BINDING},r=${this.#nonces}`;
    const authMessage = Buffer.from(`${this.#firstBare},${this.#challenge},${withoutProof}`);
    const proof = xor(keys.clientKey, crypto.hmac(keys.storedKey, authMessage));
    this.#signature = crypto.hmac(keys.serverKey, authMessage);
    this.#state = 'final sent';
    return `${withoutProof},p=${proof.toString('base64')}`;
  }

  /**
   * Verifies the server's last message, which came with the status of success.
   * @throws AuthError when it does not prove that the server knows the password: it may be an impostor.
   */
  verify(outcome: string): void {
    this.#enter('final sent', 'failed');
    const attributes = outcome === '' ? new Map<string, string>() : parseAttributes(outcome, 'outcome');
    const error = attributes.get('e');
    if (error !== undefined) throw new AuthError(`the server refused the SCRAM proof: ${error}`);
    if (!attributes.has('v')) throw new AuthError('the server did not prove that it knows the password: no signature');
    if (!isEqual(bytesAttribute(attributes, 'v', 'outcome'), this.#signature!)) {
      throw new AuthError('the server did not prove that it knows the password: its signature is wrong');
    }
    this.#state = 'verified';
  }

  #enter(from: string, to: 'first sent' | 'failed'): void {
    if (this.#state !== from) throw new ProtocolError(`a SCRAM step for "${from}" came while "${this.#state}"`);
    this.#state = to;
  }
}

function escapeName(username: string): string {
  return username.replaceAll('=', '=3D').replaceAll(',', '=2C');
}

function parseIterations(text: string, min: number): number {
  const iterations = /^[0-9]{1,10}$/.test(text) ? Number(text) : 0;
  if (iterations >= min && iterations <= SCRAM_ITERATIONS_MAX) return iterations;
  throw new ProtocolError(
    `the SCRAM challenge asks for ${text} iterations; ${min} to ${SCRAM_ITERATIONS_MAX} are accepted`,
  );
}

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
  type ScramCrypto,
  scramKeys,
  xor,
} from './scram.js';

/**
 * Finds what PBKDF2 makes of the password; the default computes it. A client that opens many connections keeps the
 * results by (password, salt, iterations), as a server gives every connection the same salt.
 */
export type SaltedPassword = (password: string, salt: Uint8Array, iterations: number) => Uint8Array;

export interface ScramClientOptions extends PlainCredentials {
  readonly crypto: ScramCrypto;
  /** Random and never used before: printable ASCII without a comma. */
  readonly nonce: string;
  readonly saltedPassword?: SaltedPassword | undefined;
}

/**
 * The client's side of one SCRAM exchange, without channel binding:
 *
 *   first() -> final(server-first) -> verify(server-final)
 *
 * Each is called once, in this order; only when `verify` returns has the server shown that it knows the password too.
 */
export class ScramClient {
  readonly #options: ScramClientOptions;
  readonly #firstBare: string;
  #state: 'new' | 'first sent' | 'final sent' | 'verified' | 'failed' = 'new';
  #signature: Uint8Array | undefined;

  /** @throws ArgumentError when the nonce is empty or has characters that the messages cannot express. */
  constructor(options: ScramClientOptions) {
    if (!/^[\x20-\x2b\x2d-\x7e]+$/.test(options.nonce)) {
      throw new ArgumentError('nonce must be one or more printable ASCII characters other than the comma');
    }
    this.#options = options;
    this.#firstBare = `n=${escapeName(options.username)},r=${options.nonce}`;
  }

  get state(): string {
    return this.#state;
  }

  /** The first message, the initial response of SASL_AUTH. */
  first(): string {
    this.#enter('new', 'first sent');
    return `n,,${this.#firstBare}`;
  }

  /**
   * The answer to the server's challenge.
   * @throws ProtocolError when the challenge is malformed, does not continue the nonce, or asks for more than
   * 10,000,000 iterations, which would keep the process busy for seconds.
   */
  final(challenge: string): string {
    this.#enter('first sent', 'failed');
    const { nonce, crypto, password } = this.#options;
    const attributes = parseAttributes(challenge, 'challenge');
    const bothNonces = attribute(attributes, 'r', 'challenge');
    if (!bothNonces.startsWith(nonce) || bothNonces.length === nonce.length) {
      throw new ProtocolError("the SCRAM challenge's nonce does not continue the one that was sent");
    }
    const salt = bytesAttribute(attributes, 's', 'challenge');
    const iterations = parseIterations(attribute(attributes, 'i', 'challenge'));

    const saltedPassword =
      this.#options.saltedPassword ?? ((text, ...rest) => crypto.pbkdf2(Buffer.from(text), ...rest));
    const keys = scramKeys(crypto, saltedPassword(password, salt, iterations));
    const withoutProof = `c=${NO_BINDING},r=${bothNonces}`;
    const authMessage = Buffer.from(`${this.#firstBare},${challenge},${withoutProof}`);
    const proof = xor(keys.clientKey, crypto.hmac(keys.storedKey, authMessage));
    this.#signature = crypto.hmac(keys.serverKey, authMessage);
    this.#state = 'final sent';
    return `${withoutProof},p=${proof.toString('base64')}`;
  }

  /**
   * Takes the server's last message, which came with the status of success.
   * @throws AuthError when it does not prove that the server knows the password: somebody else may be answering.
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

function parseIterations(text: string): number {
  const iterations = /^[0-9]{1,10}$/.test(text) ? Number(text) : 0;
  if (iterations < 1 || iterations > SCRAM_ITERATIONS_MAX) {
    throw new ProtocolError(
      `the SCRAM challenge asks for ${text} iterations; 1 to ${SCRAM_ITERATIONS_MAX} are accepted`,
    );
  }
  return iterations;
}

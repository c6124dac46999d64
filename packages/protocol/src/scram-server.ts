import { ProtocolError } from './errors/client-errors.js';
import {
  attribute,
  bytesAttribute,
  isEqual,
  NO_BINDING,
  parseAttributes,
  type ScramCredential,
  type ScramCrypto,
  xor,
} from './scram.js';

/** Options of a `ScramServer`. */
export interface ScramServerOptions {
  /** The hash functions. */
  readonly crypto: ScramCrypto;
  /** The server's part of the nonce: random, printable ASCII without a comma. */
  readonly nonce: string;
  /**
   * The stored credential of a user. For an unknown one it should return a made-up credential, always the same for
   * that name, so that the challenge does not tell which users exist.
   */
  readonly credentialOf: (username: string) => ScramCredential;
  /**
   * Whether the client's last message must repeat the nonce, as RFC 5802 demands. Default true; false imitates servers
   * up to 7.2, which check only the proof over whatever nonce is there.
   */
  readonly checksNonce?: boolean | undefined;
}

/**
 * The server's side of one SCRAM exchange, without channel binding: `first(client-first)`, then `final(client-final)`.
 */
export class ScramServer {
  readonly #options: ScramServerOptions;
  #username: string | undefined;
  #credential: ScramCredential | undefined;
  #nonce = '';
  /** client-first without its header, then the challenge. */
  #exchanged = '';

  constructor(options: ScramServerOptions) {
    this.#options = options;
  }

  /** The user to authenticate; known after `first`. */
  get username(): string | undefined {
    return this.#username;
  }

  /**
   * Returns the challenge for a client's first message.
   * @throws ProtocolError when it is malformed or asks for channel binding or another identity.
   */
  first(message: string): string {
    if (this.#credential !== undefined) throw new ProtocolError('a second first message in one SCRAM exchange');
    if (!message.startsWith('n,,')) throw new ProtocolError('a SCRAM exchange starts with n,, (no channel binding)');
    const bare = message.slice('n,,'.length);
    const attributes = parseAttributes(bare, 'first message');
    if (!bare.startsWith('n=')) throw new ProtocolError('the SCRAM first message does not start with the user name');
    this.#username = unescapeName(attribute(attributes, 'n', 'first message'));
    this.#nonce = attribute(attributes, 'r', 'first message') + this.#options.nonce;
    const credential = this.#options.credentialOf(this.#username);
    this.#credential = credential;
    const salt = Buffer.from(credential.salt).toString('base64');
    const challenge = `r=${this.#nonce},s=${salt},i=${credential.iterations}`;
    this.#exchanged = `${bare},${challenge}`;
    return challenge;
  }

  /**
   * Returns the server's own proof for a client's last message, or undefined when the client's is wrong.
   * @throws ProtocolError when the message is malformed or out of turn.
   */
  final(message: string): string | undefined {
    const credential = this.#credential;
    if (credential === undefined || this.#exchanged === '') throw new ProtocolError('a SCRAM last message out of turn');
    const { crypto, checksNonce } = this.#options;
    const attributes = parseAttributes(message, 'last message');
    if (attribute(attributes, 'c', 'last message') !== NO_BINDING) {
      throw new ProtocolError('the SCRAM last message binds to a channel');
    }
    const nonce = attribute(attributes, 'r', 'last message');
    if (checksNonce !== false && nonce !== this.#nonce)
      throw new ProtocolError('the SCRAM last message has another nonce');
    const proof = bytesAttribute(attributes, 'p', 'last message');

    const withoutProof = message.slice(0, message.lastIndexOf(',p='));
    const authMessage = Buffer.from(`${this.#exchanged},${withoutProof}`);
    // One proof for one challenge.
    this.#exchanged = '';
    const mask = crypto.hmac(credential.storedKey, authMessage);
    if (proof.length !== mask.length || !isEqual(crypto.hash(xor(proof, mask)), credential.storedKey)) return undefined;
    return `v=${Buffer.from(crypto.hmac(credential.serverKey, authMessage)).toString('base64')}`;
  }
}

function unescapeName(name: string): string {
  if (/=(?!2C|3D)/.test(name)) throw new ProtocolError('= in a SCRAM user name must be written =3D');
  return name.replaceAll('=2C', ',').replaceAll('=3D', '=');
}

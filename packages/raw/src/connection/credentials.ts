import type { PlainCredentials } from '@cb/protocol';

/**
 * The credentials. The password is not in any property, so that neither a log nor an inspector shows it: only the
 * methods below return it.
 */
export class Credentials {
  readonly username: string;
  readonly #password: string;

  constructor(username: string, password: string) {
    this.username = username;
    this.#password = password;
  }

  /** Returns user name and password, for a login. */
  reveal(): PlainCredentials {
    return { username: this.username, password: this.#password };
  }

  /** Returns the value of an `Authorization` header in the scheme `Basic` (RFC 7617). */
  basic(): string {
    // Not in Node's pool of small buffers, which others get pieces of too.
    const text = `${this.username}:${this.#password}`;
    const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
    bytes.write(text);
    return `Basic ${bytes.toString('base64')}`;
  }
}

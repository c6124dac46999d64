import { ArgumentError, type ScramCredential, type ScramMechanism } from '@cb/protocol';
import { credentialOfNobody } from './scram-credentials.js';
import { type ScramSettings, User, type UserChange, type UserOptions } from './user.js';

/** All who may sign in to a cluster. */
export class Users {
  readonly #users = new Map<string, User>();
  readonly #scram: ScramSettings;
  readonly #fallbackSalt: Buffer;

  constructor(scram: ScramSettings, fallbackSalt: Buffer) {
    this.#scram = scram;
    this.#fallbackSalt = fallbackSalt;
  }

  /** Adds a user, or puts him in the place of the one of that name. */
  set(name: string, options: UserOptions): User {
    const user = new User(name, options, this.#scram);
    this.#users.set(name, user);
    return user;
  }

  /**
   * Changes a user, or adds one, who then needs a password.
   * @throws ArgumentError for an unknown role, or a new user without password.
   */
  put(name: string, change: UserChange): User {
    const existing = this.#users.get(name);
    if (existing !== undefined) return this.set(name, existing.changed(change));
    if (!change.password) throw new ArgumentError(`the new user ${name} needs a password`);
    return this.set(name, { ...change, password: change.password });
  }

  delete(name: string): boolean {
    return this.#users.delete(name);
  }

  get(name: string): User | undefined {
    return this.#users.get(name);
  }

  all(): IterableIterator<User> {
    return this.#users.values();
  }

  /** The user with this name and password; undefined for any other. */
  authenticate(name: string, password: string): User | undefined {
    const user = this.#users.get(name);
    return user?.hasPassword(password) ? user : undefined;
  }

  /** The user's SCRAM keys; made-up ones for a name that nobody has. */
  credential(mechanism: ScramMechanism, name: string): ScramCredential {
    return this.#users.get(name)?.credential(mechanism) ?? credentialOfNobody(mechanism, name, this.#fallbackSalt);
  }
}

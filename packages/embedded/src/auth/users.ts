import { ArgumentError, type ScramCredential, type ScramMechanism } from '@cb/protocol';
import type { Clock } from '../time/clock.js';
import { Groups } from './groups.js';
import { Password, type ScramSettings } from './password.js';
import { credentialOfNobody } from './scram-credentials.js';
import { User, type UserDomain, type UserOptions, type UserProfile } from './user.js';

/** Settings of all users. */
export interface UsersSetup extends ScramSettings {
  /** The secret from which the salts of unknown users are derived. */
  readonly fallbackSalt: Buffer;
  /** The clock that dates passwords. */
  readonly clock: Clock;
}

/** All users of a cluster, and their groups. */
export class Users {
  /** The groups that users name. */
  readonly groups = new Groups();
  /** The users that may sign in: the built-in administrator and the local ones. */
  readonly #users = new Map<string, User>();
  readonly #external = new Map<string, User>();
  readonly #setup: UsersSetup;

  /** @internal */
  constructor(setup: UsersSetup) {
    this.#setup = setup;
  }

  /**
   * Adds a user that may sign in, or replaces the one of that name.
   * @throws ArgumentError for an empty name, a password that is not a string, an unknown role or an unknown privilege.
   */
  set(name: string, options: UserOptions, domain: Exclude<UserDomain, 'external'> = 'local'): void {
    const { password, salts, ...profile } = options;
    if (typeof password !== 'string') throw new ArgumentError(`password of the user ${name} must be a string`);
    this.#store(new User(name, domain, profile, this.#password(password, salts), this.groups));
  }

  /**
   * Adds a user, or changes one, whose password stays when none is given. A new local user needs a password.
   * @throws ArgumentError for an unknown role, or a new local user without password.
   * @internal
   */
  put(domain: Exclude<UserDomain, 'admin'>, name: string, profile: UserProfile, password?: string): User {
    if (domain === 'external') return this.#store(new User(name, domain, profile, undefined, this.groups));
    const existing = this.#users.get(name);
    const known = password === undefined ? existing?.password : this.#password(password);
    if (known === undefined) throw new ArgumentError(`the new user ${name} needs a password`);
    return this.#store(new User(name, domain, { ...existing?.profile, ...profile }, known, this.groups));
  }

  /** Changes the password of a user. @internal */
  changePassword({ name, domain, profile }: User, password: string): void {
    this.#store(new User(name, domain, profile, this.#password(password), this.groups));
  }

  /** @internal */
  delete(domain: UserDomain, name: string): boolean {
    return this.find(domain, name) !== undefined && this.#in(domain).delete(name);
  }

  /** Returns the user of this name that may sign in. @internal */
  get(name: string): User | undefined {
    return this.#users.get(name);
  }

  /** @internal */
  find(domain: UserDomain, name: string): User | undefined {
    const user = this.#in(domain).get(name);
    return user?.domain === domain ? user : undefined;
  }

  /** The users of a domain, in the order in which they were added. @internal */
  all(domain: UserDomain): User[] {
    return [...this.#in(domain).values()].filter((user) => user.domain === domain);
  }

  /** Removes all roles of a bucket that was deleted. @internal */
  forgetBucket(bucket: string): void {
    for (const user of [...this.#users.values(), ...this.#external.values()]) this.#store(user.withoutBucket(bucket));
    this.groups.forgetBucket(bucket);
  }

  /** Returns the user with this name and password; undefined when there is none. @internal */
  authenticate(name: string, password: string): User | undefined {
    const user = this.#users.get(name);
    return user?.password?.matches(password) ? user : undefined;
  }

  /** Returns the user's SCRAM keys, and made-up ones for an unknown name. @internal */
  credential(mechanism: ScramMechanism, name: string): ScramCredential {
    const known = this.#users.get(name)?.password?.credential(mechanism);
    return known ?? credentialOfNobody(mechanism, name, this.#setup.fallbackSalt);
  }

  #in(domain: UserDomain): Map<string, User> {
    return domain === 'external' ? this.#external : this.#users;
  }

  #store(user: User): User {
    this.#in(user.domain).set(user.name, user);
    return user;
  }

  #password(text: string, salts?: UserOptions['salts']): Password {
    return new Password(text, this.#setup.clock.now(), this.#setup, salts);
  }
}

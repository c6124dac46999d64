import { timingSafeEqual } from 'node:crypto';
import { ArgumentError, type ScramCredential, type ScramMechanism } from '@cb/protocol';
import type { Random } from '../random.js';
import { Privilege, type PrivilegeName } from './privilege.js';
import { formatRole, type Place, parseRole, privilegesOf, type Role, scopedPrivilegesOf } from './role.js';
import { credentialOf, saltBytes } from './scram-credentials.js';

/** A user in the options of a cluster. */
export interface UserOptions {
  readonly password: string;
  /** Roles in the server's notation: `admin`, `data_reader[default]`, `data_writer[*]`, `data_reader[b:scope:collection]`. Default none. */
  readonly roles?: readonly string[] | undefined;
  /** Single KV privileges by bucket, for what no role gives. Default none. */
  readonly privileges?: Readonly<Record<string, readonly PrivilegeName[]>> | undefined;
  /** The salts of SCRAM, for those who need to know them; base64. Default random. */
  readonly salts?: Partial<Readonly<Record<ScramMechanism, string>>> | undefined;
  /** A name for people. Default none. */
  readonly displayName?: string | undefined;
}

/** What an administrator may change about a user. */
export interface UserChange {
  readonly roles: readonly string[];
  readonly displayName: string;
  /** Undefined keeps the one he has. */
  readonly password: string | undefined;
}

/** Where a user's SCRAM keys come from. */
export interface ScramSettings {
  readonly iterations: number;
  readonly random: Random;
}

/** Somebody who may sign in. */
export class User {
  readonly name: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
  readonly #password: string;
  readonly #single: ReadonlyMap<string, number>;
  readonly #salts: Partial<Readonly<Record<ScramMechanism, string>>>;
  readonly #scram: ScramSettings;
  readonly #credentials = new Map<ScramMechanism, ScramCredential>();

  /** @throws ArgumentError for an empty name, an unknown role, or an unknown privilege. */
  constructor(name: string, options: UserOptions, scram: ScramSettings) {
    if (name === '') throw new ArgumentError('the name of a user must not be empty');
    if (typeof options.password !== 'string') throw new ArgumentError(`password of the user ${name} must be a string`);
    this.name = name;
    this.displayName = options.displayName ?? '';
    this.roles = (options.roles ?? []).map(parseRole);
    this.#password = options.password;
    this.#single = new Map(
      Object.entries(options.privileges ?? {}).map(([bucket, names]) => [bucket, maskOf(names)] as const),
    );
    this.#salts = options.salts ?? {};
    this.#scram = scram;
  }

  /** Bits of `Privilege` for a whole bucket, or, with undefined, for none in particular; `SCOPED` when there are more in parts of it. */
  privileges(bucket: string | undefined): number {
    let mask = bucket === undefined ? 0 : (this.#single.get(bucket) ?? 0);
    for (const role of this.roles) mask |= privilegesOf(role, bucket);
    return mask;
  }

  /** Bits of `Privilege` that roles for this collection or its scope give, beside those for the bucket. */
  scopedPrivileges(place: Place): number {
    return this.roles.reduce((mask, role) => mask | scopedPrivilegesOf(role, place), 0);
  }

  /** The roles as they are written in options. */
  get roleNames(): string[] {
    return this.roles.map(formatRole);
  }

  /** The options of a user who has these roles and this name, and, unless another is given, this one's password. */
  changed({ password, ...rest }: UserChange): UserOptions {
    return { ...rest, password: password ?? this.#password };
  }

  hasPassword(password: string): boolean {
    const given = Buffer.from(password);
    const own = Buffer.from(this.#password);
    return given.length === own.length && timingSafeEqual(given, own);
  }

  /** What SCRAM needs to know; made once, as it takes the time that the iterations are meant to take. */
  credential(mechanism: ScramMechanism): ScramCredential {
    let credential = this.#credentials.get(mechanism);
    if (credential === undefined) {
      const salt = this.#salts[mechanism] ?? this.#scram.random.hex(2 * saltBytes(mechanism));
      const bytes = Buffer.from(salt, this.#salts[mechanism] === undefined ? 'hex' : 'base64');
      credential = credentialOf(mechanism, this.#password, bytes, this.#scram.iterations);
      this.#credentials.set(mechanism, credential);
    }
    return credential;
  }
}

function maskOf(names: readonly PrivilegeName[]): number {
  return names.reduce((mask, name) => {
    if (!Object.hasOwn(Privilege, name)) throw new ArgumentError(`unknown privilege ${JSON.stringify(name)}`);
    return mask | Privilege[name];
  }, 0);
}

import { ArgumentError } from '@cb/protocol';
import type { Groups } from './groups.js';
import type { Password, Salts } from './password.js';
import { KV_PRIVILEGES, Privilege, type PrivilegeName, SCOPED } from './privilege.js';
import { formatRole, type Place, parseRole, privilegesOf, type Role, scopedPrivilegesOf } from './role.js';

/** The description of a user, without the password. */
export interface UserProfile {
  /** Roles in the server's notation: `admin`, `data_reader[default]`, `data_writer[*]`, `data_reader[b:scope:collection]`. Default none. */
  readonly roles?: readonly string[] | undefined;
  /** Single KV privileges by bucket, besides those of roles. Default none. */
  readonly privileges?: Readonly<Record<string, readonly PrivilegeName[]>> | undefined;
  /** A display name. Default none. */
  readonly displayName?: string | undefined;
  /** The user's groups, whose roles the user has too. Default none. */
  readonly groups?: readonly string[] | undefined;
}

/** A user in the options of a cluster. */
export interface UserOptions extends UserProfile {
  /** The password. */
  readonly password: string;
  /** The salts of SCRAM, for tests that need fixed ones; base64. Default random. */
  readonly salts?: Salts | undefined;
}

/**
 * Where a user is defined: in the cluster itself (`admin` is the one built-in administrator, `local` all others), or in
 * an LDAP server, which does not exist here, so that an `external` user can be described but cannot sign in.
 */
export type UserDomain = 'admin' | 'local' | 'external';

/** A role of a user, and its origin. */
export interface EffectiveRole {
  readonly role: Role;
  readonly origins: readonly RoleOrigin[];
}

/** The user's own, or a group's. */
export type RoleOrigin = { readonly type: 'user' } | { readonly type: 'group'; readonly name: string };

/** A user of the cluster. */
export class User {
  readonly name: string;
  readonly domain: UserDomain;
  /** As it was given. */
  readonly profile: UserProfile;
  /** None for an external user. */
  readonly password: Password | undefined;
  readonly #roles: readonly Role[];
  readonly #single: ReadonlyMap<string, number>;
  readonly #groups: Groups;

  /** @throws ArgumentError for an empty name, an unknown role, or an unknown privilege. */
  constructor(name: string, domain: UserDomain, profile: UserProfile, password: Password | undefined, groups: Groups) {
    if (name === '') throw new ArgumentError('the name of a user must not be empty');
    this.name = name;
    this.domain = domain;
    this.profile = profile;
    this.password = password;
    this.#roles = (profile.roles ?? []).map(parseRole);
    this.#single = new Map(
      Object.entries(profile.privileges ?? {}).map(([bucket, names]) => [bucket, maskOf(names)] as const),
    );
    this.#groups = groups;
  }

  /**
   * Returns bits of `Privilege` for a whole bucket or, with undefined, for the node; `SCOPED` when there are more in
   * parts of the bucket.
   */
  privileges(bucket: string | undefined): number {
    let mask = bucket === undefined ? 0 : (this.#single.get(bucket) ?? 0);
    for (const role of this.#allRoles) mask |= privilegesOf(role, bucket);
    return mask;
  }

  /** Returns bits of `Privilege` of roles for this collection or its scope, in addition to those for the bucket. */
  scopedPrivileges(place: Place): number {
    return this.#allRoles.reduce((mask, role) => mask | scopedPrivilegesOf(role, place), 0);
  }

  /** Whether the user may select a bucket of this name in KV. */
  mayUse(bucket: string): boolean {
    return (this.privileges(bucket) & (KV_PRIVILEGES | SCOPED)) !== 0;
  }

  /** All roles of the user, including those of their groups at the moment, each once. */
  get effectiveRoles(): EffectiveRole[] {
    const found = new Map<string, { readonly role: Role; readonly origins: RoleOrigin[] }>();
    const add = (roles: readonly Role[], origin: RoleOrigin): void => {
      for (const role of roles) {
        const text = formatRole(role);
        const entry = found.get(text) ?? { role, origins: [] };
        entry.origins.push(origin);
        found.set(text, entry);
      }
    };
    add(this.#roles, { type: 'user' });
    for (const name of this.groups) add(this.#groups.get(name)?.roles ?? [], { type: 'group', name });
    return [...found.values()];
  }

  /** The names of the user's groups that exist. */
  get groups(): string[] {
    return (this.profile.groups ?? []).filter((name) => this.#groups.get(name) !== undefined);
  }

  /** All roles, including those of groups, possibly repeated. */
  get #allRoles(): readonly Role[] {
    if (this.profile.groups === undefined) return this.#roles;
    return [...this.#roles, ...this.groups.flatMap((name) => this.#groups.get(name)!.roles)];
  }

  /** Returns the user without the roles for a deleted bucket. */
  withoutBucket(bucket: string): User {
    const roles = this.#roles.filter((role) => role.bucket !== bucket).map(formatRole);
    return new User(this.name, this.domain, { ...this.profile, roles }, this.password, this.#groups);
  }
}

function maskOf(names: readonly PrivilegeName[]): number {
  return names.reduce((mask, name) => {
    if (!Object.hasOwn(Privilege, name)) throw new ArgumentError(`unknown privilege ${JSON.stringify(name)}`);
    return mask | Privilege[name];
  }, 0);
}

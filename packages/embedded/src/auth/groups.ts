import { parseRole, type Role } from './role.js';

/** The description of a group. */
export interface GroupOptions {
  /** Roles in the server's notation, as for users. */
  readonly roles: readonly string[];
  /** A description for people. Default none. */
  readonly description?: string | undefined;
  /**
   * The name of the group in an LDAP server. It is stored and returned only: the embedded cluster does not use LDAP.
   * Default none.
   */
  readonly ldapGroup?: string | undefined;
}

/** A group of users, who have its roles. */
export interface Group {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly description: string | undefined;
  readonly ldapGroup: string | undefined;
}

/** The groups of a cluster. Users name theirs; the roles of a group are looked up at each check. */
export class Groups {
  readonly #groups = new Map<string, Group>();

  /**
   * Adds a group, or replaces the one of that name.
   * @throws ArgumentError for an unknown role.
   */
  set(name: string, { roles, description, ldapGroup }: GroupOptions): void {
    this.#groups.set(name, { name, roles: roles.map(parseRole), description, ldapGroup });
  }

  /** @internal */
  get(name: string): Group | undefined {
    return this.#groups.get(name);
  }

  /** Deletes a group; its users lose its roles. Returns false when there is none of that name. */
  delete(name: string): boolean {
    return this.#groups.delete(name);
  }

  /** @internal */
  all(): IterableIterator<Group> {
    return this.#groups.values();
  }

  /** Removes all roles of a bucket that was deleted. @internal */
  forgetBucket(bucket: string): void {
    for (const [name, group] of this.#groups) {
      this.#groups.set(name, { ...group, roles: group.roles.filter((role) => role.bucket !== bucket) });
    }
  }
}

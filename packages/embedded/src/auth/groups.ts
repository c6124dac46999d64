import { parseRole, type Role } from './role.js';

/** A group, as an administrator describes it. */
export interface GroupOptions {
  /** In the server's notation, as for users. */
  readonly roles: readonly string[];
  /** For people. Default none. */
  readonly description?: string | undefined;
  /** What an LDAP server calls the group. It is kept and told, and nothing else: there is no LDAP here. Default none. */
  readonly ldapGroup?: string | undefined;
}

/** A group of users: who is in it has its roles. */
export interface Group {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly description: string | undefined;
  readonly ldapGroup: string | undefined;
}

/** The groups of a cluster. Users name theirs; what a group allows is looked up when it is asked for. */
export class Groups {
  readonly #groups = new Map<string, Group>();

  /** Adds a group, or puts it in the place of the one of that name. @throws ArgumentError for an unknown role. */
  set(name: string, { roles, description, ldapGroup }: GroupOptions): void {
    this.#groups.set(name, { name, roles: roles.map(parseRole), description, ldapGroup });
  }

  get(name: string): Group | undefined {
    return this.#groups.get(name);
  }

  delete(name: string): boolean {
    return this.#groups.delete(name);
  }

  all(): IterableIterator<Group> {
    return this.#groups.values();
  }

  /** Takes away all roles that are for this bucket, which is gone. */
  forgetBucket(bucket: string): void {
    for (const [name, group] of this.#groups) {
      this.#groups.set(name, { ...group, roles: group.roles.filter((role) => role.bucket !== bucket) });
    }
  }
}

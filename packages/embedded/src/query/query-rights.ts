import type { KeyspaceName } from '@cb/sqlpp';
import { Privilege } from '../auth/privilege.js';
import { holdsRole, type RolePlace } from '../auth/role-check.js';
import type { User } from '../auth/user.js';
import type { Change } from './collection-keyspace.js';
import type { Engine } from './engine.js';
import { pathText } from './store-places.js';
import { seesCatalog, seesUsers } from './system/visible.js';

/** What statements do with documents. */
export type Action = 'SELECT' | Change;

const CODE_CREDENTIALS = 13014;

const DEFAULT = '_default';

const PRIVILEGES: Readonly<Record<Action, number>> = {
  SELECT: Privilege.QuerySelect,
  INSERT: Privilege.QueryInsert,
  UPDATE: Privilege.QueryUpdate,
  DELETE: Privilege.QueryDelete,
};

/** Roles that may define indexes. */
const INDEX_ROLES: ReadonlySet<string> = new Set(['admin', 'bucket_full_access', 'query_manage_index']);

/** What a user of the query service may do. What they may not do ends with the error of the engine. */
export class QueryRights {
  readonly #engine: Engine;
  readonly #user: User | undefined;

  constructor(engine: Engine, user: User | undefined) {
    this.#engine = engine;
    this.#user = user;
  }

  /** @throws StatementError if the user may not do this with documents of the collection */
  demand(action: Action, name: KeyspaceName): void {
    if ((this.#held(name) & PRIVILEGES[action]) !== 0) return;
    const path = pathText(name);
    const what = name.scope === undefined ? `${path} bucket` : path;
    throw this.#refused(`run ${action} queries on the ${what}`, `query_${action.toLowerCase()} on ${path}`);
  }

  /** @throws StatementError if the user may not change scopes and collections of the bucket, or of the scope */
  demandCollectionManagement(bucket: string, scope: string): void {
    const held = (this.#user?.privileges(bucket) ?? 0) | (this.#user?.privileges(undefined) ?? 0);
    const scoped = this.#user?.scopedPrivileges({ bucket, scope, collection: '' }) ?? 0;
    if (((held | scoped) & Privilege.CollectionManagement) !== 0) return;
    throw this.#refused('manage scopes and collections', `scope_admin on default:${bucket}.${scope}`);
  }

  /** @throws StatementError if the user may not look at what concerns the whole system, or at its users */
  demandSystem(needs: 'catalog' | 'users' | undefined): void {
    if (needs === 'catalog' && !seesCatalog(this.#user)) {
      throw this.#refused('run queries accessing the system tables', 'query_system_catalog');
    }
    if (needs === 'users' && !seesUsers(this.#user)) {
      throw this.#refused('run queries accessing user information', 'admin');
    }
  }

  /** @throws StatementError if the user may not define indexes of the collection */
  demandIndexes(name: KeyspaceName): void {
    const { bucket, scope = DEFAULT, collection = DEFAULT } = name;
    if (holdsRole(this.#user, INDEX_ROLES, { bucket, scope, collection })) return;
    throw this.#refused('run index operations', `query_manage_index on ${pathText(name)}`);
  }

  /**
   * @param role the role that a refusal names; administrators need none
   * @param what what the user is about to do, as in "use sequences"
   * @throws StatementError if the user has none of the roles in that place, or in the whole cluster
   */
  demandRole(role: string, also: readonly string[], what: string, place?: RolePlace): void {
    const names = new Set(['admin', role, ...also]);
    if (holdsRole(this.#user, names, place)) return;
    const where = place === undefined ? '' : ` on default:${place.bucket}.${place.scope}`;
    throw this.#refused(what, `${role}${where}`);
  }

  /** Whether the user may see attributes of documents that belong to the system. */
  seesSystemXattrs(name: KeyspaceName): boolean {
    return (this.#held(name) & Privilege.SystemXattrRead) !== 0;
  }

  /** Privileges in a collection. */
  #held({ bucket, scope = DEFAULT, collection = DEFAULT }: KeyspaceName): number {
    const scoped = this.#user?.scopedPrivileges({ bucket, scope, collection }) ?? 0;
    return (this.#user?.privileges(bucket) ?? 0) | scoped;
  }

  #refused(what: string, role: string): Error {
    const message = `User does not have credentials to ${what}. Add role ${role} to allow the query to run.`;
    return new this.#engine.StatementError(CODE_CREDENTIALS, message);
  }
}

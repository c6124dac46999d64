import type { Item, Keyspace, MutationFault, Value } from '@cb/sqlpp';
import type { User } from '../../auth/user.js';
import type { Engine } from '../engine.js';
import type { QueryHost } from '../query-host.js';

/** What the rows of a system keyspace are made from. */
export interface SystemView {
  readonly engine: Engine;
  readonly cluster: QueryHost;
  /** The user that looks; each sees what they have rights to. */
  readonly user: User | undefined;
}

/** A row of a system keyspace. */
export interface SystemRow {
  /** What META().id gives. */
  readonly id: string;
  readonly document: Value;
}

/** A keyspace of the namespace `system`, as data. */
export interface SystemKeyspaceSpec {
  /** What a user must be allowed to look at; absent if all may look, and see the rows that they have rights to. */
  readonly needs?: 'catalog' | 'users' | undefined;
  rows(view: SystemView): Iterable<SystemRow>;
  /** Carries out DELETE of a row; false if it is not there any more. Absent if rows cannot be deleted. */
  remove?(view: SystemView, id: string): boolean;
}

const CODE_NOT_SUPPORTED = 11004;

/** Number of rows that are given at a time. */
const BATCH = 256;

/** Rows about the cluster, made when they are asked for. */
export class SystemKeyspace implements Keyspace {
  readonly #spec: SystemKeyspaceSpec;
  readonly #view: SystemView;

  constructor(spec: SystemKeyspaceSpec, view: SystemView) {
    this.#spec = spec;
    this.#view = view;
  }

  *scan(): Generator<readonly Item[]> {
    let batch: Item[] = [];
    for (const row of this.#spec.rows(this.#view)) {
      batch.push(row);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  get(id: string): Item | undefined {
    for (const row of this.#spec.rows(this.#view)) if (row.id === id) return row;
    return undefined;
  }

  insert(): never {
    throw this.#notSupported();
  }

  upsert(): never {
    throw this.#notSupported();
  }

  replace(): never {
    throw this.#notSupported();
  }

  remove({ id }: Item): MutationFault | undefined {
    if (this.#spec.remove === undefined) throw this.#notSupported();
    return this.#spec.remove(this.#view, id) ? undefined : { kind: 'not found' };
  }

  #notSupported(): Error {
    return new this.#view.engine.StatementError(CODE_NOT_SUPPORTED, 'System datastore : Not supported ');
  }
}

import type { CollectionEntry, Manifest, ScopeEntry } from '../store/manifest.js';

/** Lower ids are reserved. Source: kv_engine docs/Collections.md. */
const ID_FIRST = 8;

/** Why a change to the scopes and collections of a bucket is refused, in the words that clients look for. */
export class ManifestEditError extends Error {
  /** The HTTP status of the refusal. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** What an administrator decides about a collection. */
export type CollectionChange = Partial<Pick<CollectionEntry, 'maxTtl' | 'history'>>;

/**
 * The scopes and collections of a bucket as an administrator changes them: each change makes the next manifest, and no
 * id is ever used twice.
 */
export class ManifestEditor {
  #manifest: Manifest;
  #nextScope = ID_FIRST;
  #nextCollection = ID_FIRST;

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
    for (const scope of manifest.scopes) {
      this.#nextScope = Math.max(this.#nextScope, scope.id + 1);
      for (const { id } of scope.collections) this.#nextCollection = Math.max(this.#nextCollection, id + 1);
    }
  }

  get manifest(): Manifest {
    return this.#manifest;
  }

  /** @throws ManifestEditError when the name is malformed or taken. */
  createScope(name: string): void {
    checkName(name);
    if (this.#find(name) !== undefined) {
      throw new ManifestEditError(400, `Scope with name "${name}" already exists`);
    }
    this.#replace([...this.#manifest.scopes, { name, id: this.#nextScope++, collections: [] }]);
  }

  /** @throws ManifestEditError when there is no such scope, or it is the default one. */
  dropScope(name: string): void {
    const scope = this.#scope(name);
    if (scope.id === 0) throw new ManifestEditError(400, 'Deleting _default scope is not allowed');
    this.#replace(this.#manifest.scopes.filter((one) => one !== scope));
  }

  /** @throws ManifestEditError when there is no such scope, or the name is malformed or taken. */
  createCollection(scopeName: string, name: string, { maxTtl = 0, history = false }: CollectionChange = {}): void {
    const scope = this.#scope(scopeName);
    checkName(name);
    if (scope.collections.some((one) => one.name === name)) {
      throw new ManifestEditError(400, `Collection with name "${name}" in scope "${scopeName}" already exists`);
    }
    this.#put(scope, [...scope.collections, { name, id: this.#nextCollection++, maxTtl, history }]);
  }

  /**
   * What is not given stays.
   * @throws ManifestEditError when there is no such collection.
   */
  changeCollection(scopeName: string, name: string, change: CollectionChange): void {
    const scope = this.#scope(scopeName);
    const collection = this.#collection(scope, name);
    this.#put(
      scope,
      scope.collections.map((one) => (one === collection ? { ...one, ...change } : one)),
    );
  }

  /** @throws ManifestEditError when there is no such collection. */
  dropCollection(scopeName: string, name: string): void {
    const scope = this.#scope(scopeName);
    const collection = this.#collection(scope, name);
    this.#put(
      scope,
      scope.collections.filter((one) => one !== collection),
    );
  }

  #scope(name: string): ScopeEntry {
    const scope = this.#find(name);
    if (scope === undefined) throw new ManifestEditError(404, `Scope with name "${name}" is not found`);
    return scope;
  }

  #find(name: string): ScopeEntry | undefined {
    return this.#manifest.scopes.find((scope) => scope.name === name);
  }

  #collection(scope: ScopeEntry, name: string): CollectionEntry {
    const collection = scope.collections.find((one) => one.name === name);
    if (collection === undefined) {
      throw new ManifestEditError(404, `Collection with name "${name}" in scope "${scope.name}" is not found`);
    }
    return collection;
  }

  #put(scope: ScopeEntry, collections: readonly CollectionEntry[]): void {
    this.#replace(this.#manifest.scopes.map((one) => (one === scope ? { ...scope, collections } : one)));
  }

  #replace(scopes: readonly ScopeEntry[]): void {
    this.#manifest = { uid: this.#manifest.uid + 1n, scopes };
  }
}

function checkName(name: string): void {
  if (/^[A-Za-z0-9-][A-Za-z0-9_%-]{0,250}$/.test(name)) return;
  throw new ManifestEditError(
    400,
    'First character must not be _ or %. Can only contain characters A-Z, a-z, 0-9 and the following symbols _ - %',
  );
}

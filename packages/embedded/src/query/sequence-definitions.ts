import type { ObjectValue, SequenceCatalog, SequenceName } from '@cb/sqlpp';
import type { DefinitionParts } from './definition-parts.js';

/** The sequences of the cluster as one user may define and use them. */
export class SequenceDefinitions implements SequenceCatalog {
  readonly #parts: DefinitionParts;

  constructor(parts: DefinitionParts) {
    this.#parts = parts;
  }

  create(name: SequenceName, options: ObjectValue): void {
    this.#managed(name).create(name, options);
  }

  alter(name: SequenceName, options: ObjectValue): void {
    this.#managed(name).alter(name, options);
  }

  drop(name: SequenceName): void {
    this.#managed(name).drop(name);
  }

  next(name: SequenceName): bigint {
    return this.#used(name).next(name);
  }

  previous(name: SequenceName): bigint | undefined {
    return this.#used(name).previous(name);
  }

  #managed(name: SequenceName): SequenceCatalog {
    const store = this.#store(name);
    this.#parts.rights.demandRole('query_manage_sequences', [], 'manage sequences', name);
    return store;
  }

  #used(name: SequenceName): SequenceCatalog {
    const store = this.#store(name);
    this.#parts.rights.demandRole('query_use_sequences', ['query_manage_sequences'], 'use sequences', name);
    return store;
  }

  /** @throws StatementError if there is no such scope */
  #store(name: SequenceName): SequenceCatalog {
    const { cluster, engine, places } = this.#parts;
    return cluster.queries.definitions(engine, places.bucket(name), places.scope(name)).sequences;
  }
}

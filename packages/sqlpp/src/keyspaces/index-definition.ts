import type { Expression } from '../syntax/expression.js';
import type { ObjectValue } from '../values/value.js';

/** A key of an index. */
export interface IndexKeyDefinition {
  /**
   * Of a document, whose members its names are.
   *
   * @internal
   */
  readonly value: Expression;
  /** As system:indexes shows it. */
  readonly text: string;
  /** An array whose elements are indexed, each once if `distinct`. */
  readonly each?: { readonly distinct: boolean } | undefined;
  /** Whether larger values come first. */
  readonly descending: boolean;
  /** Whether documents in which the first key is MISSING are indexed too. */
  readonly includeMissing: boolean;
}

/** Which documents an index has, and by which keys. */
export interface IndexCondition {
  /**
   * Of a document, whose members its names are.
   *
   * @internal
   */
  readonly value: Expression;
  /** As system:indexes shows it. */
  readonly text: string;
}

/** What CREATE INDEX says. */
export interface IndexDefinition {
  /** Name of the index; `#primary` where a primary index was not given another. */
  readonly name: string;
  /** Whether the index has all documents by their keys in the keyspace. */
  readonly isPrimary: boolean;
  /** In their order; none of a primary index. */
  readonly keys: readonly IndexKeyDefinition[];
  /** Condition that a document has to meet. */
  readonly condition?: IndexCondition | undefined;
  /** Expressions of PARTITION BY HASH, as system:indexes shows them. */
  readonly partition: readonly string[];
  /** Members of WITH. Their names and values are not checked. */
  readonly with: ObjectValue;
}

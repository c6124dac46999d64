import type { Binding, Expression } from './expression.js';
import type { KeyspacePath, Projection, Select, Source, Use } from './select.js';

/** The keyspace that a mutation changes. */
export interface Target {
  readonly keyspace: KeyspacePath | Expression;
  readonly alias?: string | undefined;
  readonly use: Use;
  readonly at: number;
}

/** Key, value and options of a document that is inserted. */
export interface NewDocument {
  readonly key: Expression;
  readonly value?: Expression | undefined;
  readonly options?: Expression | undefined;
}

export interface Insert {
  readonly kind: 'insert';
  /** UPSERT instead of INSERT. */
  readonly overwrite: boolean;
  readonly target: Target;
  readonly source:
    | { readonly kind: 'values'; readonly documents: readonly NewDocument[] }
    | { readonly kind: 'select'; readonly document: NewDocument; readonly select: Select };
  readonly returning?: Projection | undefined;
}

/** `FOR bindings ... WHEN condition END`; several FOR nest, the first one innermost. */
export interface UpdateFor {
  readonly loops: readonly (readonly Binding[])[];
  readonly when?: Expression | undefined;
}

export interface SetTerm {
  /** A path of names, computed fields and elements; `META(alias).` in front where `meta` is true. */
  readonly path: Expression;
  readonly meta: boolean;
  readonly value: Expression;
  readonly loop?: UpdateFor | undefined;
}

export interface UnsetTerm {
  readonly path: Expression;
  readonly loop?: UpdateFor | undefined;
}

export interface Changes {
  readonly set: readonly SetTerm[];
  readonly unset: readonly UnsetTerm[];
}

export interface Update extends Changes {
  readonly kind: 'update';
  readonly target: Target;
  readonly where?: Expression | undefined;
  readonly limit?: Expression | undefined;
  readonly returning?: Projection | undefined;
}

export interface Delete {
  readonly kind: 'delete';
  readonly target: Target;
  readonly where?: Expression | undefined;
  readonly limit?: Expression | undefined;
  readonly offset?: Expression | undefined;
  readonly returning?: Projection | undefined;
}

export interface Merge {
  readonly kind: 'merge';
  readonly target: Target;
  readonly source: Source;
  /** ON KEY: the condition is the key of the target. */
  readonly onKey: boolean;
  readonly on: Expression;
  readonly update?: (Changes & { readonly where?: Expression | undefined }) | undefined;
  readonly delete?: { readonly where?: Expression | undefined } | undefined;
  readonly insert?: MergeInsert | undefined;
  readonly limit?: Expression | undefined;
  readonly returning?: Projection | undefined;
}

export interface MergeInsert {
  readonly key?: Expression | undefined;
  readonly value?: Expression | undefined;
  readonly options?: Expression | undefined;
  readonly where?: Expression | undefined;
}

import type { Expression, WindowDefinition } from './expression.js';

/** A path to a keyspace, as written: one part, or bucket, scope and collection. */
export interface KeyspacePath {
  readonly namespace?: string | undefined;
  readonly parts: readonly string[];
  readonly at: number;
}

export interface Use {
  readonly keys?: { readonly keys: Expression; readonly validate: boolean } | undefined;
  readonly indexes?: readonly string[] | undefined;
  readonly hint?: 'hash build' | 'hash probe' | 'nl' | undefined;
}

/** What rows come from. */
export interface Source {
  /** A path of names may be a keyspace, a WITH name or a field of an earlier alias; others are evaluated. */
  readonly expression: Expression;
  /** With a namespace in front, or where only a keyspace can stand. */
  readonly keyspace?: KeyspacePath | undefined;
  readonly alias?: string | undefined;
  readonly use: Use;
  readonly at: number;
}

export type JoinKind = 'inner' | 'left' | 'right';

export type JoinCondition =
  | { readonly kind: 'on'; readonly condition: Expression }
  | { readonly kind: 'on keys'; readonly keys: Expression; readonly validate: boolean }
  | { readonly kind: 'on key for'; readonly key: Expression; readonly alias: string }
  | { readonly kind: 'none' };

export type FromStep =
  | {
      readonly kind: 'join' | 'nest' | 'comma';
      readonly join: JoinKind;
      readonly source: Source;
      readonly condition: JoinCondition;
    }
  | {
      readonly kind: 'unnest';
      readonly join: JoinKind;
      readonly expression: Expression;
      readonly alias?: string | undefined;
      readonly at: number;
    };

export interface From {
  readonly first: Source;
  readonly steps: readonly FromStep[];
}

export interface LetBinding {
  readonly name: string;
  readonly value: Expression;
  readonly at: number;
}

export interface Group {
  readonly keys: readonly { readonly value: Expression; readonly alias?: string | undefined }[];
  readonly groupAs?: string | undefined;
  readonly letting: readonly LetBinding[];
  readonly having?: Expression | undefined;
}

/** A result term: `*`, `value.*` or a value with a name. */
export type ResultTerm =
  | { readonly kind: 'star'; readonly at: number }
  | { readonly kind: 'members'; readonly value: Expression; readonly at: number }
  | {
      readonly kind: 'value';
      readonly value: Expression;
      readonly alias?: string | undefined;
      /** Offset of what names it. */
      readonly aliasAt?: number | undefined;
      readonly at: number;
    };

export interface Projection {
  readonly distinct: boolean;
  readonly raw?: Expression | undefined;
  readonly terms: readonly ResultTerm[];
  readonly exclude: readonly Expression[];
}

export interface OrderTerm {
  readonly value: Expression;
  readonly direction?: 'asc' | 'desc' | Expression | undefined;
  readonly nulls?: 'first' | 'last' | Expression | undefined;
}

export interface Subselect {
  readonly kind: 'subselect';
  readonly hints?: string | undefined;
  readonly projection: Projection;
  readonly from?: From | undefined;
  readonly lets: readonly LetBinding[];
  readonly where?: Expression | undefined;
  readonly group?: Group | undefined;
  readonly windows: readonly { readonly name: string; readonly definition: WindowDefinition }[];
  readonly at: number;
}

export interface SetOperation {
  readonly kind: 'set operation';
  readonly operator: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly left: SelectTerm;
  readonly right: SelectTerm;
}

export type SelectTerm = Subselect | SetOperation | Select;

export interface WithTerm {
  readonly name: string;
  readonly value: Select | Expression;
  readonly cycle: readonly Expression[];
  readonly options?: Expression | undefined;
  readonly at: number;
}

export interface Select {
  readonly kind: 'select';
  readonly recursive: boolean;
  readonly with: readonly WithTerm[];
  readonly body: SelectTerm;
  readonly orderBy: readonly OrderTerm[];
  readonly limit?: Expression | undefined;
  readonly offset?: Expression | undefined;
  readonly at: number;
  /** Offset behind it. */
  readonly end: number;
}

import type { Expression, KeyOrder } from './expression.js';
import type { KeyspacePath } from './select.js';

/** A key of an index. */
export interface IndexKey extends KeyOrder {
  readonly value: Expression;
  /** An array whose elements are indexed, each once if `distinct`. */
  readonly each?: { readonly distinct: boolean } | undefined;
}

export interface CreateIndex {
  readonly kind: 'create index';
  readonly primary: boolean;
  readonly name?: string | undefined;
  readonly ifNotExists: boolean;
  readonly keyspace: KeyspacePath;
  readonly keys: readonly IndexKey[];
  readonly partitionBy: readonly Expression[];
  readonly where?: Expression | undefined;
  readonly with?: Expression | undefined;
}

export interface DropIndex {
  readonly kind: 'drop index';
  readonly primary: boolean;
  readonly name?: string | undefined;
  readonly ifExists: boolean;
  readonly keyspace: KeyspacePath;
}

export interface AlterIndex {
  readonly kind: 'alter index';
  readonly name: string;
  readonly keyspace: KeyspacePath;
  readonly with: Expression;
}

export interface BuildIndex {
  readonly kind: 'build index';
  readonly keyspace: KeyspacePath;
  readonly names: readonly Expression[];
}

/** CREATE, DROP and FLUSH of scopes and collections. */
export interface ChangeCollections {
  readonly kind: 'create scope' | 'drop scope' | 'create collection' | 'drop collection' | 'flush collection';
  readonly path: KeyspacePath;
  /** IF NOT EXISTS of CREATE, IF EXISTS of DROP. */
  readonly lenient: boolean;
  readonly with?: Expression | undefined;
}

export interface CreateFunction {
  readonly kind: 'create function';
  /** Offset of what stands behind CREATE. */
  readonly at: number;
  readonly path: KeyspacePath;
  readonly replace: boolean;
  readonly ifNotExists: boolean;
  /** Undefined for `...`: any number of arguments, as the array `args`. */
  readonly parameters: readonly string[] | undefined;
  readonly body:
    | { readonly language: 'inline'; readonly expression: Expression; readonly text: string }
    | { readonly language: 'javascript'; readonly code: string; readonly library?: string | undefined };
}

export interface DropFunction {
  readonly kind: 'drop function';
  readonly path: KeyspacePath;
  readonly ifExists: boolean;
}

export interface ExecuteFunction {
  readonly kind: 'execute function';
  readonly path: KeyspacePath;
  readonly operands: readonly Expression[];
}

/** Options of a sequence; what was not written is undefined. */
export interface SequenceOptions {
  readonly with?: Expression | undefined;
  readonly start?: Expression | undefined;
  /** True without a value. */
  readonly restart?: Expression | true | undefined;
  readonly increment?: Expression | undefined;
  /** Null for NO. */
  readonly maximum?: Expression | null | undefined;
  readonly minimum?: Expression | null | undefined;
  readonly cache?: Expression | null | undefined;
  readonly cycle?: boolean | undefined;
}

export interface ChangeSequence {
  readonly kind: 'create sequence' | 'alter sequence' | 'drop sequence';
  readonly path: KeyspacePath;
  readonly lenient: boolean;
  readonly options: SequenceOptions;
}

export interface Infer {
  readonly kind: 'infer';
  readonly keyspace: KeyspacePath;
  readonly with?: Expression | undefined;
}

export type Definition =
  | CreateIndex
  | DropIndex
  | AlterIndex
  | BuildIndex
  | ChangeCollections
  | CreateFunction
  | DropFunction
  | ExecuteFunction
  | ChangeSequence
  | Infer;

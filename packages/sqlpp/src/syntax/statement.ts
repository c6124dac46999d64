import type { Definition } from './definition.js';
import type { Expression } from './expression.js';
import type { Delete, Insert, Merge, Update } from './mutation.js';
import type { KeyspacePath, Select } from './select.js';

export interface Explain {
  readonly kind: 'explain';
  readonly statement: Statement;
  /** The statement without the word EXPLAIN. */
  readonly text: string;
}

export interface ExplainFunction {
  readonly kind: 'explain function';
  readonly path: KeyspacePath;
}

export interface Prepare {
  readonly kind: 'prepare';
  readonly force: boolean;
  readonly name?: string | undefined;
  readonly statement: Statement;
  /** The statement without PREPARE and what belongs to it. */
  readonly text: string;
}

export interface Execute {
  readonly kind: 'execute';
  readonly name: Expression;
  readonly using?: Expression | undefined;
}

/** Statements that are understood and have nothing to do here: ADVISE, UPDATE STATISTICS, GRANT, transactions. */
export interface Unsupported {
  readonly kind: 'unsupported';
  /** As in "UPDATE STATISTICS". */
  readonly what: string;
  /** The statement as it was written. */
  readonly text: string;
}

export type Mutation = Insert | Update | Delete | Merge;

export type Statement = Select | Mutation | Definition | Explain | ExplainFunction | Prepare | Execute | Unsupported;

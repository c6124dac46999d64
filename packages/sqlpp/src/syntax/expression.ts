import type { Value } from '../values/value.js';
import type { OrderTerm, Select } from './select.js';

/** What every node of an expression has. */
interface Node {
  /** Offset of its first character in the statement. */
  readonly at: number;
  /** Written in parentheses: such an expression lends its name to nothing. */
  readonly parenthesised?: true;
}

export interface Literal extends Node {
  readonly kind: 'literal';
  readonly value: Value;
}

/** An identifier: what it means depends on where it stands. */
export interface Name extends Node {
  readonly kind: 'name';
  readonly name: string;
  readonly caseInsensitive?: boolean;
}

/** A name whose meaning is known: it stands for what a slot of the row holds. */
export interface Variable extends Node {
  readonly kind: 'variable';
  readonly name: string;
  readonly slot: number;
  /** Of a keyspace, whose items stand in the slot behind. */
  readonly hasMeta: boolean;
  /** What the name was given by. */
  readonly origin: VariableOrigin;
}

export type VariableOrigin = 'source' | 'let' | 'with' | 'binding' | 'group' | 'result' | 'parameter';

export interface Parameter extends Node {
  readonly kind: 'parameter';
  /** Named, or numbered from 1. */
  readonly name: string | number;
}

export interface Self extends Node {
  readonly kind: 'self';
}

export interface Unary extends Node {
  readonly kind: 'unary';
  readonly operator: '-' | 'not' | 'exists';
  readonly operand: Expression;
}

export type BinaryOperator =
  | 'or'
  | 'and'
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '||'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^'
  | 'in'
  | 'not in'
  | 'within'
  | 'not within'
  | 'is distinct from'
  | 'is not distinct from';

export interface Binary extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Like extends Node {
  readonly kind: 'like';
  readonly negated: boolean;
  readonly value: Expression;
  readonly pattern: Expression;
  readonly escape?: Expression | undefined;
}

export interface Between extends Node {
  readonly kind: 'between';
  readonly negated: boolean;
  readonly value: Expression;
  readonly low: Expression;
  readonly high: Expression;
}

export type IsTest = 'null' | 'missing' | 'valued' | 'known' | 'unknown';

export interface Is extends Node {
  readonly kind: 'is';
  readonly test: IsTest;
  readonly negated: boolean;
  readonly operand: Expression;
}

export interface Field extends Node {
  readonly kind: 'field';
  readonly object: Expression;
  readonly name: string;
  readonly caseInsensitive?: boolean;
}

/** `object.[name]` */
export interface ComputedField extends Node {
  readonly kind: 'computed field';
  readonly object: Expression;
  readonly name: Expression;
  readonly caseInsensitive: boolean;
}

export interface Element extends Node {
  readonly kind: 'element';
  readonly array: Expression;
  readonly index: Expression;
}

export interface Slice extends Node {
  readonly kind: 'slice';
  readonly array: Expression;
  readonly start?: Expression | undefined;
  readonly end?: Expression | undefined;
}

/** `array[*]`, or `array[]`, which leaves out what is MISSING and flattens one level. */
export interface Each extends Node {
  readonly kind: 'each';
  readonly array: Expression;
  readonly flatten: boolean;
}

export interface ArrayConstructor extends Node {
  readonly kind: 'array';
  readonly elements: readonly Expression[];
}

export interface ObjectMember {
  readonly name: Expression;
  readonly value: Expression;
}

export interface ObjectConstructor extends Node {
  readonly kind: 'object';
  readonly members: readonly ObjectMember[];
}

export interface Case extends Node {
  readonly kind: 'case';
  readonly operand?: Expression | undefined;
  readonly branches: readonly { readonly when: Expression; readonly result: Expression }[];
  readonly otherwise?: Expression | undefined;
}

/** `position: variable IN source` */
export interface Binding {
  readonly position?: string | undefined;
  readonly variable: string;
  readonly descend: boolean;
  readonly source: Expression;
  readonly at: number;
  /** Where the variable and its position stand in the row, once names are resolved. */
  readonly slot?: number;
  readonly positionSlot?: number | undefined;
}

export interface Quantified extends Node {
  readonly kind: 'quantified';
  readonly quantifier: 'any' | 'every' | 'any and every';
  readonly bindings: readonly Binding[];
  readonly condition: Expression;
}

export interface Comprehension extends Node {
  readonly kind: 'comprehension';
  readonly form: 'array' | 'first' | 'object';
  /** Of an object. */
  readonly name?: Expression | undefined;
  readonly value: Expression;
  readonly bindings: readonly Binding[];
  readonly when?: Expression | undefined;
}

export type FrameEdge =
  | { readonly kind: 'unbounded preceding' | 'current row' | 'unbounded following' }
  | { readonly kind: 'preceding' | 'following'; readonly offset: Expression };

export interface WindowFrame {
  readonly unit: 'rows' | 'range' | 'groups';
  readonly start: FrameEdge;
  readonly end: FrameEdge;
  readonly exclude: 'no others' | 'current row' | 'group' | 'ties';
}

export interface WindowDefinition {
  /** Name of the window that it extends. */
  readonly base?: string | undefined;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderTerm[];
  readonly frame?: WindowFrame | undefined;
  readonly at: number;
}

/** What stands behind a key of an index. */
export interface KeyOrder {
  readonly descending: boolean;
  readonly includeMissing: boolean;
}

export interface Call extends Node {
  readonly kind: 'call';
  /** As written. More than one part: the path of a function that users define. */
  readonly path: readonly string[];
  readonly namespace?: string | undefined;
  readonly operands: readonly Expression[];
  readonly quantifier?: 'all' | 'distinct' | undefined;
  /** `COUNT(*)` */
  readonly star: boolean;
  readonly filter?: Expression | undefined;
  readonly nulls?: 'respect' | 'ignore' | undefined;
  readonly from?: 'first' | 'last' | undefined;
  /** Of FLATTEN_KEYS: how each operand is ordered as a key of an index. */
  readonly keyOrders?: readonly KeyOrder[] | undefined;
  /** A name or a definition behind OVER. */
  readonly over?: string | WindowDefinition | undefined;
}

export interface Subquery extends Node {
  readonly kind: 'subquery';
  readonly select: Select;
  /** Once names are resolved. */
  readonly plan?: SubqueryPlan;
}

/** What a subquery is once it is planned; the expressions need no more of it. */
export interface SubqueryPlan {
  /** Slots of what stands around it that it names; if there are some it has to run for each row. */
  readonly references: ReadonlySet<number>;
  readonly text: string;
}

/** `NEXTVAL FOR s`, `PREVVAL FOR s` */
export interface SequenceValue extends Node {
  readonly kind: 'sequence value';
  readonly which: 'next' | 'previous';
  readonly path: readonly string[];
  readonly namespace?: string | undefined;
}

export type Expression =
  | Literal
  | Name
  | Variable
  | Parameter
  | Self
  | Unary
  | Binary
  | Like
  | Between
  | Is
  | Field
  | ComputedField
  | Element
  | Slice
  | Each
  | ArrayConstructor
  | ObjectConstructor
  | Case
  | Quantified
  | Comprehension
  | Call
  | Subquery
  | SequenceValue;

import type { FunctionContext } from '../functions/function-spec.js';
import type { Item } from '../keyspaces/keyspace.js';
import type { Value } from '../values/value.js';

/** What a row holds in a slot: a value, or the item of a keyspace that the value in front is the document of. */
export type Slot = Value | Item;

/** A row on its way through a statement: names of the statement stand for slots of it. */
export type Row = Slot[];

/** What expressions may ask of the execution that they belong to. */
export interface Run extends FunctionContext {
  /** Returns the value of a parameter; `undefined` in a list of its own is MISSING. */
  parameter(name: string | number): { readonly value: Value } | undefined;
  /** Time that is left to the statement, in milliseconds; may be infinite. */
  readonly remainingMs: number;
  /** Whether nothing may be changed. */
  readonly isReadonly: boolean;
  /** Results that hold for the whole execution, by what they are results of. */
  readonly results: Map<object, Value>;
  /** Ends the execution if its time or its memory is used up, or if it is cancelled. */
  check(): void;
  /** Counts a step of a loop inside an expression; now and then it checks the limits. */
  pace(): void;
  /** Counts memory that rows hold, in bytes; negative if they are released. */
  hold(bytes: number): void;
  /** Counts rows that were sorted. */
  countSorted(rows: number): void;
  /** Ends the execution because a key that USE KEYS VALIDATE names is not there. */
  missingKey(key: string): never;
}

/** An expression, compiled. */
export type Evaluate = (row: Row, run: Run) => Value;

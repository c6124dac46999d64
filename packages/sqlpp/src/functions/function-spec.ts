import type { Value } from '../values/value.js';

/** What a function may ask of the statement that calls it. */
export interface FunctionContext {
  /** Start of the statement, in milliseconds since 1970: NOW_MILLIS and its like stand still. */
  readonly startedAtMs: number;
  /** The time now, in milliseconds since 1970 with fractions: CLOCK_MILLIS and its like go on. */
  clockMs(): number;
  /** A number from 0 to below 1. */
  random(): number;
  /** Name of the time zone of dates that do not name one. */
  readonly zone: string;
  /** Adds a warning to the answer. */
  warn(code: number, message: string): void;
  /** The service that evaluates the statement; one that stands alone if it is not given. */
  readonly service?: ServiceIdentity | undefined;
}

/** What VERSION, NODE_NAME and their like tell of a service. */
export interface ServiceIdentity {
  /** What VERSION() gives. */
  readonly version: string;
  /** Version of the store that holds the documents. */
  readonly storeVersion: string;
  /** What NODE_NAME() gives. */
  readonly nodeName: string;
  /** What NODE_UUID() gives. */
  readonly nodeUuid: string;
  /** Names with their domains, as "local:joe". */
  readonly users: readonly string[];
}

/** The type of a result as the signature of an answer names it. */
export type ResultType = 'boolean' | 'number' | 'string' | 'array' | 'object' | 'json';

/** The type of an expression as far as it is known before it is evaluated. */
export type OperandType = ResultType | 'null' | 'missing';

/** A scalar function, as data. */
export interface FunctionSpec {
  /** Lower case; the first is the name, the others are aliases. */
  readonly names: readonly string[];
  readonly minArguments: number;
  /** Infinity if there is no limit. */
  readonly maxArguments: number;
  /** A function tells it from the types of its operands where the signature of an answer does. */
  readonly returns: ResultType | ((operands: readonly OperandType[]) => OperandType);
  /** Whether equal arguments give equal results, so that a call with constants is evaluated once. Default true. */
  readonly deterministic?: boolean;
  /** An argument that was not given is not passed, so that `rest.length` tells MISSING from absent where that matters. */
  readonly evaluate: (context: FunctionContext, ...operands: Value[]) => Value;
}

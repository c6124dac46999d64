import type { Value } from '../values/value.js';

/** Full name of a function of users. */
export interface FunctionName {
  /** `default`. */
  readonly namespace: string;
  /** Both are given, or neither: then it is one of the whole cluster. */
  readonly bucket?: string | undefined;
  /** Name of the scope that it is one of. */
  readonly scope?: string | undefined;
  /** Name in the scope, or in the cluster. */
  readonly name: string;
}

/** What a function does. */
export type FunctionBody =
  /** An expression of SQL++ over its parameters. */
  | {
      readonly language: 'inline';
      /** As it was written. */
      readonly text: string;
      /** In the canonical form. */
      readonly expression: string;
    }
  /** A function of JavaScript: its code, or the name of one in a library. */
  | { readonly language: 'javascript'; readonly code: string; readonly library?: string | undefined };

/** A function that users defined. */
export interface FunctionDefinition {
  /** Its full name. */
  readonly name: FunctionName;
  /** Undefined for any number of arguments, as the array `args`. */
  readonly parameters: readonly string[] | undefined;
  /** What it does. */
  readonly body: FunctionBody;
}

/** What is done with a function. */
export type FunctionUse = 'manage' | 'execute';

/** What a function of JavaScript gave, or the text of what it threw or which limit it ran over. */
export type FunctionOutcome = { readonly value: Value } | { readonly error: string };

/** The functions that users defined. */
export interface FunctionCatalog {
  /**
   * Finds a function.
   *
   * @throws StatementError if there cannot be one of this name, as its scope is missing
   */
  find(name: FunctionName): FunctionDefinition | undefined;
  /** Keeps a function, in the place of another of its name. @throws StatementError if its scope is missing */
  put(definition: FunctionDefinition): void;
  /** Forgets a function. */
  remove(name: FunctionName): void;
  /** Checks the rights of the user. @throws StatementError if they may not do it. Absent if all may do all. */
  check?(use: FunctionUse, definition: FunctionDefinition): void;
  /**
   * Runs a function of JavaScript. Absent if there is nothing to run it.
   *
   * @param limitMs longest time that it may take, in milliseconds
   */
  call?(definition: FunctionDefinition, values: readonly Value[], limitMs: number): FunctionOutcome;
}

/** Prints the name of a function as messages do. */
export function functionText({ namespace, bucket, scope, name }: FunctionName): string {
  return scope === undefined ? `${namespace}:${name}` : `${namespace}:${bucket}.${scope}.${name}`;
}

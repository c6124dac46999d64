/** Bucket and scope that names of one part belong to. */
export interface PreparedContext {
  /** Name of the bucket. */
  readonly bucket: string;
  /** Name of the scope. */
  readonly scope: string;
}

/** A prepared statement as a catalog keeps it. Its plan is kept with it, as long as it lives. */
export interface Prepared {
  /** Given by PREPARE, or made of the text. */
  readonly name: string;
  /** The whole PREPARE, without FORCE. */
  readonly text: string;
  /** Where it was prepared: its name is known there only. */
  readonly context: PreparedContext | undefined;
  /** Milliseconds since 1970. */
  readonly preparedAtMs: number;
}

/** Prepared statements by their names. */
export interface PreparedCatalog {
  /** Finds a statement that is about to be run. */
  find(name: string, context: PreparedContext | undefined): Prepared | undefined;
  /** Keeps a statement, in place of one with the same text. False if another one has its name. */
  add(prepared: Prepared): boolean;
}

/** Prints a context as messages and rows do; nothing without one. */
export function contextText(context: PreparedContext | undefined): string {
  return context === undefined ? '' : `default:${context.bucket}.${context.scope}`;
}

/** Prints what a statement is kept by. */
export function preparedKey(name: string, context: PreparedContext | undefined): string {
  return context === undefined ? name : `${name}(${contextText(context)})`;
}

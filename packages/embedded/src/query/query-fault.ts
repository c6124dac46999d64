/** An error or a warning of a query as the service sends it. */
export interface QueryError {
  /** Number of the error, as in the documentation of the server. */
  readonly code: number;
  /** What is wrong, in the words of the server. */
  readonly msg: string;
  /** Line in the statement that the error is about, from 1. */
  readonly line?: number | undefined;
  /** Column in that line, from 1. */
  readonly column?: number | undefined;
  /** What the server tells below the message. */
  readonly reason?: unknown;
  /** What led to the error. */
  readonly cause?: unknown;
  /** Whether the same statement may succeed later. */
  readonly retry?: boolean | undefined;
}

/** Ends a request before it has rows. */
export class QueryFault extends Error {
  override readonly name = 'QueryFault';

  constructor(readonly error: QueryError) {
    super(error.msg);
  }
}

/** Codes and texts of faults of requests. */
export function notImplemented(value: string, name: string): QueryFault {
  return new QueryFault({ code: 1020, msg: `${value} ${name} not yet implemented` });
}

export function unknownValue(name: string, value: string): QueryFault {
  return new QueryFault({ code: 1030, msg: `Unknown ${name} value: ${value}` });
}

export function badValue(name: string, cause: string): QueryFault {
  return new QueryFault({ code: 1040, msg: `Error processing ${name} - cause: ${cause}` });
}

export function missing(what: string): QueryFault {
  return new QueryFault({ code: 1050, msg: `No ${what} value` });
}

export function multiple(name: string): QueryFault {
  return new QueryFault({ code: 1060, msg: `Multiple values for ${name}.` });
}

export function unrecognized(name: string): QueryFault {
  return new QueryFault({ code: 1065, msg: `Unrecognized parameter in request: ${name}` });
}

export function wrongType(name: string, type: string): QueryFault {
  return new QueryFault({ code: 1070, msg: `${name} has to be of type ${type}` });
}

/** Returns what the answer tells of an error before the statement began; others are thrown. */
export function faultOf(error: unknown): QueryError {
  if (error instanceof QueryFault) return error.error;
  throw error;
}

/** The details of a failure besides its class. Every field is optional and appears on the error under its own name. */
export interface ErrorDetails {
  /** The underlying error. */
  readonly cause?: unknown;
  /** The operation that failed, by its method name: `get`, `upsert`, … */
  readonly operation?: string | undefined;
  /** The document key, as the caller gave it. */
  readonly key?: string | undefined;
  /** The server's status code, when a server answered. */
  readonly status?: number | undefined;
  /** The server's explanation of the failure (`error.context` of an extended error). */
  readonly context?: string | undefined;
  /** The server's log reference (`error.ref` of an extended error), to quote to its administrator. */
  readonly ref?: string | undefined;
  /** True when the operation may have taken effect although it failed. Default: that of the class. */
  readonly ambiguous?: boolean | undefined;
  /** Overrides whether the class is retryable. */
  readonly retryable?: boolean | undefined;
  /** Number of times that the operation was sent. */
  readonly attempts?: number | undefined;
  /** The reasons for retries, each once, in order. */
  readonly retryReasons?: readonly string[] | undefined;
  /** The node that answered, or was asked, as `host:port`. */
  readonly node?: string | undefined;
  /** The path in the document that a sub-document operation failed at, as the caller gave it. */
  readonly path?: string | undefined;
  /** The index of the failed sub-document operation among the caller's, counted from 0. */
  readonly index?: number | undefined;
  /** The result object of the failed operation. */
  readonly result?: unknown;
}

/** A class of errors: `CouchbaseError` or one below it. */
export type ErrorClass = abstract new (...args: never[]) => CouchbaseError;

/**
 * The root of every error that this SDK produces.
 *
 * `stack` of one with an `operation` is its name and message alone: see the constructor.
 *
 * A class says what happened; categories group classes. `instanceof` works for both: a missing
 * document is a `NotFoundError` and a `CouchbaseDataError` (and a `CouchbaseError`).
 */
export class CouchbaseError extends Error {
  /** Stable, machine-readable name of the cause. It survives minification, unlike `name`. */
  static readonly code: string = 'couchbase_error';
  /** The result code of this cause in libcouchbase and the SDKs built on it; 0 when they have none. */
  static readonly rc: number = 0;
  /** The categories this class belongs to. */
  static readonly categories: readonly ErrorClass[] = [];
  /** Whether the same operation may succeed when it is retried unchanged. */
  static readonly retryable: boolean = false;
  /** Whether the operation may have taken effect although it failed, where nothing more is known. */
  static readonly ambiguous: boolean = false;

  /** The name of the class. */
  declare readonly name: string;
  // Unknown fields are absent rather than undefined, so that a log shows only what is known.
  /** The operation that failed, by its method name; absent when the error is about none. */
  declare readonly operation: string | undefined;
  /** The document key, as the caller gave it; absent when the error is about none. */
  declare readonly key: string | undefined;
  /** The server's status code; absent when no server answered. */
  declare readonly status: number | undefined;
  /** The server's explanation of the failure (`error.context` of an extended error); absent when it gave none. */
  declare readonly context: string | undefined;
  /** The server's log reference (`error.ref` of an extended error), to quote to its administrator; absent when it gave none. */
  declare readonly ref: string | undefined;
  /** Whether the operation may have taken effect although it failed. */
  declare readonly ambiguous: boolean;
  /** Whether the same operation may succeed when it is retried unchanged. */
  declare readonly retryable: boolean;
  /** Number of times that the operation was sent. */
  declare readonly attempts: number;
  /** The reasons for retries, each once, in order. */
  declare readonly retryReasons: readonly string[];
  /** The node that answered, or was asked, as `host:port`; absent when there was none. */
  declare readonly node: string | undefined;
  /** The path in the document that a sub-document operation failed at; absent for other operations. */
  declare readonly path: string | undefined;
  /** The index of the failed sub-document operation among the caller's, counted from 0; absent for other operations. */
  declare readonly index: number | undefined;
  /**
   * The index of the failed call in a pipeline, counted from 0; `index` is that inside of one call. Set by the bucket.
   */
  declare callIndex: number | undefined;
  // Not properties, so that no log shows them: there may be thousands of documents.
  #result: unknown;
  #allResults: unknown = undefined;

  constructor(message: string, details: ErrorDetails = {}) {
    // An operation fails in the event loop, with no frame of the caller on the stack; and when a node stalls, a hundred
    // thousand fail at once. Capturing and formatting the SDK's own frames would take ten times as long as all the
    // rest.
    const framesMax = Error.stackTraceLimit;
    const isFramed = details.operation === undefined;
    if (!isFramed) limitFrames(0);
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    if (!isFramed) limitFrames(framesMax);
    const own = this.constructor as typeof CouchbaseError;
    this.name = own.name;
    if (details.operation !== undefined) this.operation = details.operation;
    if (details.key !== undefined) this.key = details.key;
    if (details.status !== undefined) this.status = details.status;
    if (details.context !== undefined) this.context = details.context;
    if (details.ref !== undefined) this.ref = details.ref;
    if (details.node !== undefined) this.node = details.node;
    if (details.path !== undefined) this.path = details.path;
    if (details.index !== undefined) this.index = details.index;
    this.ambiguous = details.ambiguous ?? own.ambiguous;
    this.retryable = details.retryable ?? own.retryable;
    this.attempts = details.attempts ?? 0;
    this.retryReasons = details.retryReasons ?? [];
    this.#result = details.result;
  }

  /** The result object of the failed operation. Set by the bucket. */
  get result(): unknown {
    // An object that only inherits from an error, such as a Proxy of one, has none.
    return #result in this ? this.#result : undefined;
  }

  set result(value: unknown) {
    this.#result = value;
  }

  /** Every result of the call that failed; for a multi operation the successes are among them. Set by the bucket. */
  get allResults(): unknown {
    return #allResults in this ? this.#allResults : undefined;
  }

  set allResults(value: unknown) {
    this.#allResults = value;
  }

  /** Stable, machine-readable name of the cause. It survives minification, unlike `name`. */
  get code(): string {
    return (this.constructor as typeof CouchbaseError).code;
  }

  /** The categories that are `instanceof` besides the class itself. */
  get categories(): readonly ErrorClass[] {
    return (this.constructor as typeof CouchbaseError).categories;
  }

  /** The result code of this cause in libcouchbase and the SDKs built on it; 0 when they have none. */
  get rc(): number {
    return (this.constructor as typeof CouchbaseError).rc;
  }

  /**
   * Returns the results of the failed call, by key, as successes and failures. The successes of a call for many keys
   * took effect. Both are empty when the results of single keys are unknown.
   */
  splitResults(): { readonly succeeded: Map<string, unknown>; readonly failed: Map<string, unknown> } {
    const succeeded = new Map<string, unknown>();
    const failed = new Map<string, unknown>();
    const all = (this.allResults ?? []) as Iterable<[string, { readonly success: boolean }]>;
    for (const [key, result] of all) (result.success ? succeeded : failed).set(key, result);
    return { succeeded, failed };
  }

  /**
   * Returns the error for JSON: its name, message and code, and all known details. JSON omits name and message of an
   * Error by default.
   */
  toJSON(): Record<string, unknown> {
    const { name, code, message, cause } = this;
    const fields: Record<string, unknown> = Object.fromEntries(Object.entries(this));
    const json: Record<string, unknown> = { name, code, message, ...fields };
    if (cause !== undefined) json['cause'] = isInstance(CouchbaseError, cause) ? cause : String(cause);
    return json;
  }

  /** Also true for the categories of the error's class. `this` is the class on the right of `instanceof`. */
  static override [Symbol.hasInstance](this: ErrorClass, value: unknown): boolean {
    // biome-ignore-start lint/complexity/noThisInStatic: every subclass inherits this method and is its own `this`.
    if (isInstance(this, value)) return true;
    if (!isInstance(CouchbaseError, value)) return false;
    const { categories } = value as CouchbaseError;
    return categories.some((category) => category === this || isInstance(this, category.prototype));
    // biome-ignore-end lint/complexity/noThisInStatic: as above.
  }
}

/** Sets how many frames errors capture from now on, unless the application has made that read-only. */
function limitFrames(framesMax: number): void {
  Reflect.set(Error, 'stackTraceLimit', framesMax);
}

/** The default `instanceof`, for classes that do not redefine it. */
function isInstance(asked: ErrorClass, value: unknown): boolean {
  return Function.prototype[Symbol.hasInstance].call(asked, value);
}

/** The connection to the server failed: a socket, a name, an answer that does not come. */
export class CouchbaseNetworkError extends CouchbaseError {
  static override readonly code: string = 'network';
}

/** The arguments of the caller cannot work; the same call fails again. */
export class CouchbaseInputError extends CouchbaseError {
  static override readonly code: string = 'input';
}

/** A temporary condition: the same call may succeed later. */
export class CouchbaseTransientError extends CouchbaseError {
  static override readonly code: string = 'transient';
  static override readonly retryable: boolean = true;
}

/** Nothing works until the configuration is changed. */
export class CouchbaseFatalError extends CouchbaseError {
  static override readonly code: string = 'fatal';
}

/** The document is not in the state that the operation needs. */
export class CouchbaseDataError extends CouchbaseError {
  static override readonly code: string = 'data';
}

/** The SDK or the server has a bug. */
export class CouchbaseInternalError extends CouchbaseError {
  static override readonly code: string = 'internal';
}

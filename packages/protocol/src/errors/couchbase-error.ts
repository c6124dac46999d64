/** What is known about a failure beside its class; every field is optional and appears on the error under its own name. */
export interface ErrorDetails {
  /** What led to this error. */
  readonly cause?: unknown;
  /** The operation that failed, by its method name: `get`, `upsert`, … */
  readonly operation?: string | undefined;
  /** The document key, as the caller gave it. */
  readonly key?: string | undefined;
  /** The server's status code, when a server answered. */
  readonly status?: number | undefined;
  /** The server's own words about the failure (`error.context` of an extended error). */
  readonly context?: string | undefined;
  /** The server's log reference (`error.ref` of an extended error), to be quoted to its administrator. */
  readonly ref?: string | undefined;
  /** True when the operation may have taken effect although it failed. Default: what the class says. */
  readonly ambiguous?: boolean | undefined;
  /** Overrides what the class says about trying again. */
  readonly retryable?: boolean | undefined;
  /** How often the operation was sent. */
  readonly attempts?: number | undefined;
  /** Why it was sent again, each reason once, in order. */
  readonly retryReasons?: readonly string[] | undefined;
  /** The node that answered or was being talked to, as `host:port`. */
  readonly node?: string | undefined;
  /** The path in the document that a sub-document operation failed at, as the caller gave it. */
  readonly path?: string | undefined;
  /** Which of the caller's sub-document operations failed, counted from 0. */
  readonly index?: number | undefined;
  /** The result object of the failed operation. */
  readonly result?: unknown;
}

export type ErrorClass = abstract new (...args: never[]) => CouchbaseError;

/**
 * The root of every error that this SDK produces.
 *
 * `stack` of one with an `operation` is its name and message alone: see the constructor.
 *
 * A class says what happened; categories say what kind of thing it is. `instanceof` answers for both: a missing
 * document is a `NotFoundError` and a `CouchbaseDataError` (and a `CouchbaseError`).
 */
export class CouchbaseError extends Error {
  /** Stable, machine-readable name of the cause. It survives minification, which `name` does not. */
  static readonly code: string = 'couchbase_error';
  /** The result code that libcouchbase and the SDKs built on it give this cause; 0 when they have none. */
  static readonly rc: number = 0;
  /** The categories this class belongs to. */
  static readonly categories: readonly ErrorClass[] = [];
  /** Whether the same operation may succeed when tried again unchanged. */
  static readonly retryable: boolean = false;
  /** Whether the operation may have taken effect although it failed, where nothing more is known. */
  static readonly ambiguous: boolean = false;

  declare readonly name: string;
  // What is not known is not there, rather than undefined: a log shows what is known.
  declare readonly operation: string | undefined;
  declare readonly key: string | undefined;
  declare readonly status: number | undefined;
  declare readonly context: string | undefined;
  declare readonly ref: string | undefined;
  declare readonly ambiguous: boolean;
  declare readonly retryable: boolean;
  declare readonly attempts: number;
  declare readonly retryReasons: readonly string[];
  declare readonly node: string | undefined;
  declare readonly path: string | undefined;
  declare readonly index: number | undefined;
  /** Which of the calls in a pipeline failed, counted from 0; `index` is about what is inside of one. Set by the bucket. */
  declare callIndex: number | undefined;
  // No properties, so that no log shows them: thousands of documents, perhaps.
  #result: unknown;
  #allResults: unknown = undefined;

  constructor(message: string, details: ErrorDetails = {}) {
    // An operation fails out of the event loop, with no frame of the caller on the stack; and when a node stalls, a hundred
    // thousand fail at once. Noting and formatting the SDK's own frames would take ten times as long as all the rest.
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
    // What only inherits from an error, as a Proxy of one does, has none.
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

  get code(): string {
    return (this.constructor as typeof CouchbaseError).code;
  }

  /** The categories that `instanceof` holds for beside the class itself. */
  get categories(): readonly ErrorClass[] {
    return (this.constructor as typeof CouchbaseError).categories;
  }

  get rc(): number {
    return (this.constructor as typeof CouchbaseError).rc;
  }

  /**
   * The results of the call that failed, by key: those that are successes, and those that are not. Of a call for many
   * keys, the successes are what it has brought all the same. Both are empty when nothing is known of single keys.
   */
  splitResults(): { readonly succeeded: Map<string, unknown>; readonly failed: Map<string, unknown> } {
    const succeeded = new Map<string, unknown>();
    const failed = new Map<string, unknown>();
    const all = (this.allResults ?? []) as Iterable<[string, { readonly success: boolean }]>;
    for (const [key, result] of all) (result.success ? succeeded : failed).set(key, result);
    return { succeeded, failed };
  }

  /** For JSON, which of an Error has neither name nor message: those, the code, and all that is known. */
  toJSON(): Record<string, unknown> {
    const { name, code, message, cause } = this;
    const fields: Record<string, unknown> = Object.fromEntries(Object.entries(this));
    const json: Record<string, unknown> = { name, code, message, ...fields };
    if (cause !== undefined) json['cause'] = isInstance(CouchbaseError, cause) ? cause : String(cause);
    return json;
  }

  /** Also holds for the categories of the error's class. `this` is the class on the right of `instanceof`. */
  static override [Symbol.hasInstance](this: ErrorClass, value: unknown): boolean {
    // biome-ignore-start lint/complexity/noThisInStatic: every subclass inherits this method and is its own `this`.
    if (isInstance(this, value)) return true;
    if (!isInstance(CouchbaseError, value)) return false;
    const { categories } = value as CouchbaseError;
    return categories.some((category) => category === this || isInstance(this, category.prototype));
    // biome-ignore-end lint/complexity/noThisInStatic: as above.
  }
}

/** Sets how many frames errors note from now on, unless the application has forbidden that for good. */
function limitFrames(framesMax: number): void {
  Reflect.set(Error, 'stackTraceLimit', framesMax);
}

/** What `instanceof` means for classes that do not redefine it. */
function isInstance(asked: ErrorClass, value: unknown): boolean {
  return Function.prototype[Symbol.hasInstance].call(asked, value);
}

/** Something between here and the server failed: a socket, a name, an answer that does not come. */
export class CouchbaseNetworkError extends CouchbaseError {
  static override readonly code: string = 'network';
}

/** The caller gave something that cannot work; the same call fails again. */
export class CouchbaseInputError extends CouchbaseError {
  static override readonly code: string = 'input';
}

/** A passing condition: the same call may succeed later. */
export class CouchbaseTransientError extends CouchbaseError {
  static override readonly code: string = 'transient';
  static override readonly retryable: boolean = true;
}

/** Nothing works until someone changes the configuration. */
export class CouchbaseFatalError extends CouchbaseError {
  static override readonly code: string = 'fatal';
}

/** The document is not in the state that the operation needs. */
export class CouchbaseDataError extends CouchbaseError {
  static override readonly code: string = 'data';
}

/** The SDK or the server did something that it never should. */
export class CouchbaseInternalError extends CouchbaseError {
  static override readonly code: string = 'internal';
}

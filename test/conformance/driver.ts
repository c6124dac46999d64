/*
 * What a client is to the scenarios: the operations that every SDK has, in neutral words. It is implemented twice, for
 * our Bucket and for the official SDK, and a scenario never knows which of them it drives.
 */

/** Why an operation failed, whatever the class of the error is called. */
export type Failure =
  | 'missing'
  | 'exists'
  | 'locked'
  | 'temporary'
  | 'not a number'
  | 'too big'
  | 'bad argument'
  | 'no collection'
  | 'no scope'
  | 'path missing'
  | 'path exists'
  | 'path mismatch'
  | 'path invalid'
  | 'not JSON'
  | 'durability impossible'
  | 'queue empty'
  | 'not available'
  | 'timeout';

export interface Written {
  readonly cas: bigint;
  /** Whether the answer said where the mutation stands in its vbucket's history. */
  readonly hasToken: boolean;
}

export interface Read {
  readonly value: unknown;
  readonly cas: bigint;
}

export interface Copy extends Read {
  readonly isReplica: boolean;
}

export interface Presence {
  readonly exists: boolean;
  readonly cas: bigint;
}

export type Durability = 'majority' | 'majorityAndPersistToActive' | 'persistToMajority';

export interface WaitOptions {
  /** Milliseconds. */
  readonly timeout?: number;
}

export interface WriteOptions extends WaitOptions {
  /** Seconds from now. */
  readonly ttl?: number;
  readonly cas?: bigint;
  readonly preserveExpiry?: boolean;
  readonly durability?: Durability;
  readonly persistTo?: number;
  readonly replicateTo?: number;
}

export interface CounterOptions extends WaitOptions {
  /** Negative counts down. */
  readonly delta: number;
  readonly initial?: number;
  readonly ttl?: number;
}

export interface Lookup {
  readonly op: 'get' | 'exists' | 'count';
  readonly path: string;
  readonly xattr?: boolean;
}

/** A value that the server makes up. */
export const MACRO_CAS = Symbol('the CAS of the mutation');

export interface Change {
  readonly op:
    | 'upsert'
    | 'insert'
    | 'replace'
    | 'remove'
    | 'arrayAppend'
    | 'arrayPrepend'
    | 'arrayInsert'
    | 'arrayAddUnique'
    | 'counter';
  readonly path: string;
  /** Of the array operations but the unique one: all the values. Of `counter`: the delta. */
  readonly value?: unknown;
  readonly createPath?: boolean;
  readonly xattr?: boolean;
}

export interface ChangeOptions extends WriteOptions {
  readonly document?: 'upsert' | 'insert';
}

/** What was found at one path: the value, or why there is none. */
export type Found = { readonly value: unknown } | { readonly failure: Failure };

export interface LookedUp {
  readonly found: readonly Found[];
  readonly cas: bigint;
}

export interface LookedUpCopy extends LookedUp {
  readonly isReplica: boolean;
}

export interface Changed extends Written {
  /** By the index of the change; undefined for those that answer nothing. */
  readonly values: readonly unknown[];
}

export type Scan =
  | { readonly type: 'range'; readonly from?: string; readonly to?: string; readonly excludeTo?: true }
  | { readonly type: 'prefix'; readonly prefix: string }
  | { readonly type: 'sampling'; readonly limit: number };

export interface Scanned {
  readonly key: string;
  /** Undefined in a scan for keys alone. */
  readonly value: unknown;
}

/** The operations on one collection. */
export interface Documents {
  get(key: string): Promise<Read>;
  getAndTouch(key: string, ttl: number, options?: WaitOptions): Promise<Read>;
  exists(key: string): Promise<Presence>;
  upsert(key: string, value: unknown, options?: WriteOptions): Promise<Written>;
  insert(key: string, value: unknown, options?: WriteOptions): Promise<Written>;
  replace(key: string, value: unknown, options?: WriteOptions): Promise<Written>;
  remove(key: string, options?: WriteOptions): Promise<Written>;
  append(key: string, value: string | Buffer, options?: WriteOptions): Promise<Written>;
  prepend(key: string, value: string | Buffer, options?: WriteOptions): Promise<Written>;
  counter(key: string, options: CounterOptions): Promise<Written & { readonly value: number }>;
  touch(key: string, ttl: number, options?: WaitOptions): Promise<Written>;
  /** Seconds since the epoch; 0 never. */
  expiry(key: string): Promise<number>;
  lock(key: string, seconds: number, options?: WaitOptions): Promise<Read>;
  unlock(key: string, cas: bigint, options?: WaitOptions): Promise<void>;

  lookupIn(key: string, lookups: readonly Lookup[], options?: WaitOptions): Promise<LookedUp>;
  mutateIn(key: string, changes: readonly Change[], options?: ChangeOptions): Promise<Changed>;

  getAnyReplica(key: string): Promise<Copy>;
  getAllReplicas(key: string): Promise<Copy[]>;
  lookupInAnyReplica(key: string, lookups: readonly Lookup[]): Promise<LookedUpCopy>;
  lookupInAllReplicas(key: string, lookups: readonly Lookup[]): Promise<LookedUpCopy[]>;

  /** Each key with what was read, or why nothing was. */
  getMany(keys: readonly string[]): Promise<Map<string, Read | Failure>>;
  upsertMany(values: ReadonlyMap<string, unknown>): Promise<Map<string, Written | Failure>>;
  removeMany(keys: readonly string[]): Promise<Map<string, Written | Failure>>;

  /** The value; undefined when there is no document. */
  getQuietly(key: string): Promise<unknown>;
  /** Stores all, and reads all, in one pipeline. */
  storeAndRead(values: ReadonlyMap<string, unknown>): Promise<unknown[]>;
  /** Documents as objects that remember their versions, with the values that they are to have. */
  items(values: ReadonlyMap<string, unknown>): ItemDocuments;

  scan(scan: Scan, options?: { readonly keysOnly?: true }): Promise<Scanned[]>;

  map(key: string): MapDocument;
  list(key: string): ListDocument;
  set(key: string): SetDocument;
  queue(key: string): QueueDocument;
}

export interface ItemDocuments {
  /** Stores the values that the items have, each unless somebody else has changed the document since. */
  store(): Promise<Map<string, Written | Failure>>;
  load(): Promise<void>;
  set(key: string, value: unknown): void;
  value(key: string): unknown;
}

export interface MapDocument {
  /** Creates the document when it is missing. */
  set(name: string, value: unknown): Promise<void>;
  get(name: string): Promise<unknown>;
  remove(name: string): Promise<void>;
  size(): Promise<number>;
}

export interface ListDocument {
  /** These create the document when it is missing. */
  append(value: unknown): Promise<void>;
  prepend(value: unknown): Promise<void>;
  get(index: number): Promise<unknown>;
  remove(index: number): Promise<void>;
  size(): Promise<number>;
}

export interface SetDocument {
  /** Creates the document when it is missing. False when the set has the value already. */
  add(value: string): Promise<boolean>;
  has(value: string): Promise<boolean>;
  remove(value: string): Promise<void>;
  size(): Promise<number>;
}

export interface QueueDocument {
  /** Creates the document when it is missing. */
  push(value: unknown): Promise<void>;
  pop(): Promise<unknown>;
  size(): Promise<number>;
}

/** What a client tells of one node. */
export interface NodeReport {
  /** `host:port` of its KV service. */
  readonly node: string;
  readonly ok: boolean;
}

/** A client, connected to a server's bucket. */
export interface Driver extends AsyncDisposable {
  /** The default collection. */
  readonly documents: Documents;
  collection(scope: string, name: string): Documents;
  /** Sends something to every node that it is connected to. */
  ping(): Promise<NodeReport[]>;
  diagnostics(): Promise<NodeReport[]>;
  /** Statistics by name, then by node. */
  stats(): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>>;
  randomKey(): Promise<string>;
  /** How many nodes have persisted the document, and how many replicas have it. */
  observe(key: string): Promise<{ readonly persisted: number; readonly replicated: number }>;
  /** What an error of this client means. Throws an error that means none of these. */
  failureOf(error: unknown): Failure;
}

/** Why the call failed. Throws when it did not. */
export async function failure(driver: Driver, call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    return driver.failureOf(error);
  }
  throw new Error('the call succeeded');
}

/** What made a client try again until its time was over, by the names of the SDKs' common retry reasons. */
export function retriedFailure(reasons: readonly string[]): Failure {
  const told = (name: string): boolean => reasons.some((reason) => reason.endsWith(name));
  if (told('_locked')) return 'locked';
  if (told('_temporary_failure')) return 'temporary';
  return told('_collection_outdated') ? 'no collection' : 'timeout';
}

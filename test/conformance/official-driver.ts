import {
  type Bucket,
  type Cas,
  CasMismatchError,
  type Cluster,
  type Collection,
  CollectionNotFoundError,
  connect,
  DeltaInvalidError,
  DocumentExistsError,
  DocumentLockedError,
  DocumentNotFoundError,
  DocumentNotJsonError,
  DocumentUnretrievableError,
  DurabilityImpossibleError,
  DurabilityLevel,
  EndpointState,
  FeatureNotAvailableError,
  InvalidArgumentError,
  InvalidDurabilityPersistToLevel,
  InvalidDurabilityReplicateToLevel,
  LookupInSpec,
  MutateInMacro,
  MutateInSpec,
  PathExistsError,
  PathInvalidError,
  PathMismatchError,
  PathNotFoundError,
  PingState,
  PrefixScan,
  RangeScan,
  SamplingScan,
  ScanTerm,
  ScopeNotFoundError,
  ServiceType,
  StoreSemantics,
  TemporaryFailureError,
  TimeoutError,
  ValueTooLargeError,
} from 'couchbase';
import { casNumber } from '../official-sdk/official.js';
import {
  type Change,
  type ChangeOptions,
  type Documents,
  type Driver,
  type Failure,
  type Found,
  type LookedUp,
  type LookedUpCopy,
  type Lookup,
  MACRO_CAS,
  type NodeReport,
  type Read,
  retriedFailure,
  type Scan,
  type WriteOptions,
  type Written,
} from './driver.js';

const FAILURES: readonly (readonly [new (...args: never[]) => Error, Failure])[] = [
  [DocumentNotFoundError, 'missing'],
  [DocumentUnretrievableError, 'missing'],
  [DocumentExistsError, 'exists'],
  [CasMismatchError, 'exists'],
  [DocumentLockedError, 'locked'],
  [TemporaryFailureError, 'temporary'],
  [DeltaInvalidError, 'not a number'],
  [ValueTooLargeError, 'too big'],
  [CollectionNotFoundError, 'no collection'],
  [ScopeNotFoundError, 'no scope'],
  [PathNotFoundError, 'path missing'],
  [PathExistsError, 'path exists'],
  [PathMismatchError, 'path mismatch'],
  [PathInvalidError, 'path invalid'],
  [DocumentNotJsonError, 'not JSON'],
  [DurabilityImpossibleError, 'durability impossible'],
  [FeatureNotAvailableError, 'not available'],
  [InvalidArgumentError, 'bad argument'],
  [InvalidDurabilityPersistToLevel, 'bad argument'],
  [InvalidDurabilityReplicateToLevel, 'bad argument'],
];

const DURABILITY = {
  majority: DurabilityLevel.Majority,
  majorityAndPersistToActive: DurabilityLevel.MajorityAndPersistOnMaster,
  persistToMajority: DurabilityLevel.PersistToMajority,
} as const;

function failureOf(error: unknown): Failure {
  if (error instanceof TimeoutError) {
    const { retry_reasons: reasons = [] } = (error.context ?? {}) as { readonly retry_reasons?: readonly string[] };
    return retriedFailure(reasons);
  }
  const failure = FAILURES.find(([errorClass]) => error instanceof errorClass);
  if (failure === undefined) throw error;
  return failure[1];
}

/** The official SDK. */
export async function officialDriver(
  connectionString: string,
  bucketName: string,
  credentials: { readonly username: string; readonly password: string },
): Promise<Driver> {
  const cluster = await connect(connectionString, credentials);
  const bucket = cluster.bucket(bucketName);
  return {
    documents: documentsOf(bucket.defaultCollection()),
    collection: (scope, name) => documentsOf(bucket.scope(scope).collection(name)),
    failureOf,
    ping: () => ping(bucket),
    diagnostics: () => diagnostics(cluster),
    stats: () => Promise.reject(new Error('the SDK has no statistics')),
    randomKey: () => Promise.reject(new Error('the SDK has no random documents')),
    observe: () => Promise.reject(new Error('the SDK does not observe')),
    [Symbol.asyncDispose]: () => cluster.close(),
  };
}

async function ping(bucket: Bucket): Promise<NodeReport[]> {
  const { services } = await bucket.ping({ serviceTypes: [ServiceType.KeyValue] });
  return Object.values(services)
    .flat()
    .map(({ remote, state }) => ({ node: remote, ok: state === PingState.Ok }));
}

async function diagnostics(cluster: Cluster): Promise<NodeReport[]> {
  const { services } = await cluster.diagnostics();
  return (services['kv'] ?? []).map(({ remote, state }) => ({ node: remote, ok: state === EndpointState.Connected }));
}

function documentsOf(collection: Collection): Documents {
  const binary = collection.binary();
  return {
    get: async (key) => read(await collection.get(key)),
    getAndTouch: async (key, ttl, options) => read(await collection.getAndTouch(key, ttl, options)),
    async exists(key) {
      const { exists, cas } = await collection.exists(key);
      return { exists, cas: cas === undefined ? 0n : casNumber(cas) };
    },
    upsert: async (key, value, options) => written(await upsert(collection, key, value, options)),
    insert: async (key, value, options) => written(await collection.insert(key, value, writeOptions(options))),
    replace: async (key, value, options) => written(await collection.replace(key, value, writeOptions(options))),
    remove: async (key, options) => written(await collection.remove(key, writeOptions(options))),
    append: async (key, value, options) => written(await binary.append(key, value, writeOptions(options))),
    prepend: async (key, value, options) => written(await binary.prepend(key, value, writeOptions(options))),
    async counter(key, { delta, initial, ...rest }) {
      const options = { ...writeOptions(rest), ...(initial !== undefined && { initial }) };
      const result =
        delta < 0 ? await binary.decrement(key, -delta, options) : await binary.increment(key, delta, options);
      return { ...written(result), value: result.value };
    },
    touch: async (key, ttl, options) => written(await collection.touch(key, ttl, options)),
    expiry: async (key) => (await collection.get(key, { withExpiry: true })).expiryTime ?? 0,
    lock: async (key, seconds, options) => read(await collection.getAndLock(key, seconds, options)),
    unlock: (key, cas, options) => collection.unlock(key, cas.toString(), options),
    lookupIn: async (key, lookups, options) =>
      lookedUp(await collection.lookupIn(key, lookups.map(lookupSpec), options), lookups),
    async mutateIn(key, changes, options) {
      const result = await collection.mutateIn(key, changes.map(changeSpec), changeOptions(options));
      return { ...written(result), values: changes.map((_change, index) => result.content[index]?.value) };
    },
    getAnyReplica: async (key) => {
      const copy = await collection.getAnyReplica(key);
      return { ...read(copy), isReplica: copy.isReplica };
    },
    getAllReplicas: async (key) =>
      (await collection.getAllReplicas(key)).map((copy) => ({ ...read(copy), isReplica: copy.isReplica })),
    lookupInAnyReplica: async (key, lookups) =>
      lookedUpCopy(await collection.lookupInAnyReplica(key, lookups.map(lookupSpec)), lookups),
    lookupInAllReplicas: async (key, lookups) =>
      (await collection.lookupInAllReplicas(key, lookups.map(lookupSpec))).map((copy) => lookedUpCopy(copy, lookups)),
    getMany: (keys) => each(keys, async (key) => read(await collection.get(key))),
    upsertMany: (values) =>
      each([...values.keys()], async (key) => written(await collection.upsert(key, values.get(key)))),
    removeMany: (keys) => each(keys, async (key) => written(await collection.remove(key))),
    getQuietly: () => Promise.reject(new Error('the SDK is never quiet')),
    storeAndRead: () => Promise.reject(new Error('the SDK has no pipelines')),
    items: () => {
      throw new Error('the SDK has no Items');
    },
    async scan(scan, options) {
      const results = await collection.scan(scanType(scan), { idsOnly: options?.keysOnly === true });
      return results.map(({ id, content }) => ({ key: id, value: content }));
    },
    ...structuresOf(collection),
  };
}

function structuresOf(collection: Collection): Pick<Documents, 'map' | 'list' | 'set' | 'queue'> {
  return {
    map: (key) => collection.map(key),
    list: (key) => {
      const list = collection.list(key);
      return {
        append: (value) => list.push(value),
        prepend: (value) => list.unshift(value),
        get: (index) => list.getAt(index),
        remove: (index) => list.removeAt(index),
        size: () => list.size(),
      };
    },
    set: (key) => {
      const set = collection.set(key);
      return {
        add: (value) => set.add(value),
        has: (value) => set.contains(value),
        remove: (value) => set.remove(value),
        size: () => set.size(),
      };
    },
    queue: (key) => collection.queue(key),
  };
}

function read({ content, cas }: { readonly content: unknown; readonly cas: Cas }): Read {
  return { value: content, cas: casNumber(cas) };
}

function written({ cas, token }: { readonly cas: Cas; readonly token?: unknown }): Written {
  return { cas: casNumber(cas), hasToken: token !== undefined };
}

/** The SDK has no upsert with a CAS: replacing is the same, where the document exists. */
function upsert(collection: Collection, key: string, value: unknown, options: WriteOptions = {}) {
  return options.cas === undefined
    ? collection.upsert(key, value, writeOptions(options))
    : collection.replace(key, value, writeOptions(options));
}

function writeOptions(options: WriteOptions = {}) {
  const { ttl, cas, preserveExpiry, durability, persistTo, replicateTo, timeout } = options;
  return {
    ...(ttl !== undefined && { expiry: ttl }),
    ...(cas !== undefined && { cas: cas.toString() }),
    ...(preserveExpiry !== undefined && { preserveExpiry }),
    ...(durability !== undefined && { durabilityLevel: DURABILITY[durability] }),
    ...(persistTo !== undefined && { durabilityPersistTo: persistTo }),
    ...(replicateTo !== undefined && { durabilityReplicateTo: replicateTo }),
    ...(timeout !== undefined && { timeout }),
  };
}

function changeOptions({ document, ...options }: ChangeOptions = {}) {
  const semantics = document === 'upsert' ? StoreSemantics.Upsert : StoreSemantics.Insert;
  return { ...writeOptions(options), ...(document !== undefined && { storeSemantics: semantics }) };
}

function lookupSpec({ op, path, xattr = false }: Lookup): LookupInSpec {
  return LookupInSpec[op](path, { xattr });
}

function changeSpec({ op, path, value, createPath, xattr = false }: Change): MutateInSpec {
  const content = value === MACRO_CAS ? MutateInMacro.Cas : value;
  const options = { xattr, ...(createPath && { createPath }) };
  switch (op) {
    case 'remove':
      return MutateInSpec.remove(path, options);
    case 'counter':
      return (content as number) < 0
        ? MutateInSpec.decrement(path, -(content as number), options)
        : MutateInSpec.increment(path, content, options);
    case 'arrayAppend':
    case 'arrayPrepend':
    case 'arrayInsert':
      return MutateInSpec[op](path, content, { ...options, multi: true });
    default:
      return MutateInSpec[op](path, content, options);
  }
}

interface LookupAnswer {
  readonly content: readonly { readonly value?: unknown; readonly error: Error | null }[];
  readonly cas: Cas;
}

function lookedUp({ content, cas }: LookupAnswer, lookups: readonly Lookup[]): LookedUp {
  const found = ({ op }: Lookup, index: number): Found => {
    const { value, error } = content[index]!;
    if (op === 'exists' && error instanceof PathNotFoundError) return { value: false };
    return error ? { failure: failureOf(error) } : { value };
  };
  return { found: lookups.map(found), cas: casNumber(cas) };
}

function lookedUpCopy(copy: LookupAnswer & { readonly isReplica: boolean }, lookups: readonly Lookup[]): LookedUpCopy {
  return { ...lookedUp(copy, lookups), isReplica: copy.isReplica };
}

function scanType(scan: Scan): RangeScan | PrefixScan | SamplingScan {
  switch (scan.type) {
    case 'prefix':
      return new PrefixScan(scan.prefix);
    case 'sampling':
      return new SamplingScan(scan.limit);
    case 'range': {
      const from = scan.from === undefined ? undefined : new ScanTerm(scan.from);
      const to = scan.to === undefined ? undefined : new ScanTerm(scan.to, scan.excludeTo ?? false);
      return new RangeScan(from, to);
    }
  }
}

/** All at once; what became of each. */
async function each<T>(keys: readonly string[], call: (key: string) => Promise<T>): Promise<Map<string, T | Failure>> {
  const outcomes = await Promise.all(keys.map((key) => call(key).catch(failureOf)));
  return new Map(keys.map((key, index) => [key, outcomes[index]!]));
}

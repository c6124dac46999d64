import {
  ArgumentError,
  type Collection,
  CollectionNotFoundError,
  connect,
  DeltaBadvalError,
  DocumentLockedError,
  DocumentNotJsonError,
  DurabilityImpossibleError,
  FeatureNotAvailableError,
  FMT_AUTO,
  Item,
  ItemSequence,
  KeyExistsError,
  LookupInSpec,
  type MultiResult,
  MutateInMacro,
  MutateInSpec,
  NotFoundError,
  NotLockedError,
  NotStoredError,
  NotSupportedError,
  OBS_FOUND,
  OBS_PERSISTED,
  type OperationResult,
  prefixScan,
  QueueEmptyError,
  type ReplicaResult,
  rangeScan,
  type ScanType,
  ScopeNotFoundError,
  type SubdocEntry,
  SubdocPathExistsError,
  SubdocPathInvalidError,
  SubdocPathMismatchError,
  SubdocPathNotFoundError,
  SubdocResult,
  samplingScan,
  TemporaryFailError,
  TimeoutError,
  TooBigError,
  UnknownCommandError,
} from '@cb/promise';
import type { CouchbaseError } from '@cb/protocol';
import {
  type Change,
  type Changed,
  type Copy,
  type Documents,
  type Driver,
  type Failure,
  type Found,
  type ItemDocuments,
  type LookedUp,
  type LookedUpCopy,
  type Lookup,
  MACRO_CAS,
  type NodeReport,
  type Read,
  retriedFailure,
  type Scan,
  type Scanned,
  type Written,
} from './driver.js';

const FAILURES: readonly (readonly [new (...args: never[]) => Error, Failure])[] = [
  [NotFoundError, 'missing'],
  [NotStoredError, 'missing'],
  [KeyExistsError, 'exists'],
  [DocumentLockedError, 'locked'],
  [NotLockedError, 'temporary'],
  [TemporaryFailError, 'temporary'],
  [DeltaBadvalError, 'not a number'],
  [TooBigError, 'too big'],
  [CollectionNotFoundError, 'no collection'],
  [ScopeNotFoundError, 'no scope'],
  [SubdocPathNotFoundError, 'path missing'],
  [SubdocPathExistsError, 'path exists'],
  [SubdocPathMismatchError, 'path mismatch'],
  [SubdocPathInvalidError, 'path invalid'],
  [DocumentNotJsonError, 'not JSON'],
  [DurabilityImpossibleError, 'durability impossible'],
  [QueueEmptyError, 'queue empty'],
  [FeatureNotAvailableError, 'not available'],
  [UnknownCommandError, 'not available'],
  [NotSupportedError, 'not available'],
  [ArgumentError, 'bad argument'],
];

function failureOf(error: unknown): Failure {
  if (error instanceof TimeoutError) return retriedFailure(error.retryReasons);
  const failure = FAILURES.find(([errorClass]) => error instanceof errorClass);
  if (failure === undefined) throw error;
  return failure[1];
}

/** Our Promise bucket. */
export async function ourDriver(spec: string, credentials: object): Promise<Driver> {
  const bucket = await connect(spec, { ...credentials, defaultFormat: FMT_AUTO });
  return {
    documents: documentsOf(bucket),
    collection: (scope, name) => documentsOf(bucket.scope(scope).collection(name)),
    failureOf,
    ping: async () => (await bucket.ping()).services.kv.map(({ remote, state }) => nodeReport(remote, state === 'ok')),
    diagnostics: async () =>
      bucket.diagnostics().services.kv.map(({ remote, state }) => nodeReport(remote, state === 'connected')),
    stats: async () => (await bucket.stats()).stats,
    randomKey: () => bucket.randomKey(),
    async observe(key) {
      const { value } = await bucket.observe(key);
      return {
        persisted: value.filter(({ flags }) => flags === OBS_PERSISTED).length,
        replicated: value.filter(
          ({ flags, fromMaster }) => !fromMaster && (flags === OBS_FOUND || flags === OBS_PERSISTED),
        ).length,
      };
    },
    [Symbol.asyncDispose]: () => bucket.close(),
  };
}

function nodeReport(node: string, ok: boolean): NodeReport {
  return { node, ok };
}

function documentsOf(collection: Collection): Documents {
  return {
    get: (key) => collection.get(key),
    getAndTouch: (key, ttl, options) => collection.get(key, { ttl, ...options }),
    exists: (key) => collection.exists(key),
    upsert: async (key, value, options) => written(await collection.upsert(key, value, options)),
    insert: async (key, value, options) => written(await collection.insert(key, value, options)),
    replace: async (key, value, options) => written(await collection.replace(key, value, options)),
    remove: async (key, options) => written(await collection.remove(key, options)),
    append: async (key, value, options) => written(await collection.append(key, value, options)),
    prepend: async (key, value, options) => written(await collection.prepend(key, value, options)),
    async counter(key, options) {
      const result = await collection.counter(key, options);
      return { ...written(result), value: Number(result.value) };
    },
    touch: async (key, ttl, options) => written(await collection.touch(key, { ttl, ...options })),
    async expiry(key) {
      const found = await collection.lookupIn(key, [LookupInSpec.get<number>('$document.exptime', { xattr: true })]);
      return found.content(0);
    },
    lock: (key, seconds, options) => collection.lock(key, { ttl: seconds, ...options }),
    async unlock(key, cas, options) {
      await collection.unlock(key, { cas, ...options });
    },
    async lookupIn(key, lookups, options) {
      const result = await collection.lookupIn(key, lookups.map(lookupSpec), options).catch(answers);
      return lookedUp(result, lookups);
    },
    async mutateIn(key, changes, { document, ...options } = {}) {
      const create =
        document === undefined ? {} : { upsertDoc: document === 'upsert', insertDoc: document === 'insert' };
      return changed(await collection.mutateIn(key, changes.map(changeSpec), { ...options, ...create }));
    },
    getAnyReplica: async (key) => copy(await collection.getReplica(key)),
    getAllReplicas: async (key) => (await collection.getAllReplicas(key)).map(copy),
    lookupInAnyReplica: async (key, lookups) =>
      lookedUpCopy(await collection.lookupInAnyReplica(key, lookups.map(lookupSpec)), lookups),
    lookupInAllReplicas: async (key, lookups) =>
      (await collection.lookupInAllReplicas(key, lookups.map(lookupSpec))).map((each) => lookedUpCopy(each, lookups)),
    getMany: (keys) => each(collection.getMulti(keys), (result): Read => result),
    upsertMany: (values) => each(collection.upsertMulti(values), written),
    removeMany: (keys) => each(collection.removeMulti(keys), written),
    getQuietly: async (key) => (await collection.get(key, { quiet: true })).value,
    async storeAndRead(values) {
      const results = await collection.pipeline((p) => {
        for (const [key, value] of values) p.upsert(key, value);
        return [...values.keys()].map((key) => p.get(key));
      });
      return results.map(({ value }) => value);
    },
    items: (values) => itemsOf(collection, values),
    async scan(scan, { keysOnly = false } = {}) {
      const found: Scanned[] = [];
      for await (const { key, value } of collection.scan(scanType(scan), { idsOnly: keysOnly }))
        found.push({ key, value });
      return found;
    },
    ...structuresOf(collection),
  };
}

function itemsOf(collection: Collection, values: ReadonlyMap<string, unknown>): ItemDocuments {
  const items = new Map([...values].map(([key, value]) => [key, new Item(key, value)]));
  const all = new ItemSequence(items.values());
  return {
    store: () => each(collection.upsertMulti(all), written),
    load: async () => void (await collection.getMulti(all)),
    set(key, value) {
      items.get(key)!.value = value;
    },
    value: (key) => items.get(key)!.value,
  };
}

function structuresOf(collection: Collection): Pick<Documents, 'map' | 'list' | 'set' | 'queue'> {
  return {
    map: (key) => ({
      set: async (name, value) => void (await collection.mapAdd(key, name, value, { create: true })),
      get: async (name) => (await collection.mapGet(key, name)).value,
      remove: async (name) => void (await collection.mapRemove(key, name)),
      size: async () => (await collection.mapSize(key)).value,
    }),
    list: (key) => ({
      append: async (value) => void (await collection.listAppend(key, value, { create: true })),
      prepend: async (value) => void (await collection.listPrepend(key, value, { create: true })),
      get: async (index) => (await collection.listGet(key, index)).value,
      remove: async (index) => void (await collection.listRemove(key, index)),
      size: async () => (await collection.listSize(key)).value,
    }),
    set: (key) => ({
      add: async (value) => (await collection.setAdd(key, value, { create: true })).value,
      has: async (value) => (await collection.setContains(key, value)).value,
      remove: async (value) => void (await collection.setRemove(key, value)),
      size: async () => (await collection.setSize(key)).value,
    }),
    queue: (key) => ({
      push: async (value) => void (await collection.queuePush(key, value, { create: true })),
      pop: async () => (await collection.queuePop(key)).value,
      size: async () => (await collection.queueSize(key)).value,
    }),
  };
}

function written({ cas, mutationToken }: OperationResult): Written {
  return { cas, hasToken: mutationToken !== undefined };
}

function copy({ value, cas, isReplica }: ReplicaResult): Copy {
  return { value, cas, isReplica };
}

function lookupSpec({ op, path, xattr = false }: Lookup): LookupInSpec {
  switch (op) {
    case 'get':
      return LookupInSpec.get(path, { xattr });
    case 'exists':
      return LookupInSpec.exists(path, { xattr });
    case 'count':
      return LookupInSpec.getCount(path, { xattr });
  }
}

function changeSpec({ op, path, value, createPath, xattr = false }: Change): MutateInSpec {
  const content = value === MACRO_CAS ? MutateInMacro.cas : value;
  const options = { xattr, ...(createPath && { createParents: true }) };
  switch (op) {
    case 'remove':
      return MutateInSpec.remove(path, options);
    case 'counter':
      return MutateInSpec.counter(path, content as number, options);
    case 'arrayAppend':
    case 'arrayPrepend':
    case 'arrayInsert':
      return MutateInSpec[op](path, content as unknown[], options);
    default:
      return MutateInSpec[op](path, content, options);
  }
}

/** Our SDK fails for paths that are not only missing; all answers are there nevertheless. */
function answers(error: CouchbaseError): SubdocResult {
  if (error.result instanceof SubdocResult) return error.result;
  throw error;
}

function lookedUp({ entries, cas }: SubdocResult, lookups: readonly Lookup[]): LookedUp {
  return { found: entries.map((entry, index) => found(entry, lookups[index]!)), cas };
}

function found({ value, error }: SubdocEntry, { op }: Lookup): Found {
  if (error === undefined || op === 'exists') return { value };
  return { failure: failureOf(error) };
}

function lookedUpCopy(result: SubdocResult, lookups: readonly Lookup[]): LookedUpCopy {
  return { ...lookedUp(result, lookups), isReplica: result.isReplica };
}

function changed(result: SubdocResult): Changed {
  return { ...written(result), values: result.entries.map(({ value }) => value) };
}

function scanType(scan: Scan): ScanType {
  switch (scan.type) {
    case 'prefix':
      return prefixScan(scan.prefix);
    case 'sampling':
      return samplingScan(scan.limit);
    case 'range': {
      const { from, to, excludeTo = false } = scan;
      return rangeScan(from, to === undefined ? undefined : { key: to, exclusive: excludeTo });
    }
  }
}

/** What became of each key, also when some failed. */
async function each<R extends OperationResult, T>(
  call: Promise<MultiResult<R>>,
  take: (result: R) => T,
): Promise<Map<string, T | Failure>> {
  const results = await call.catch((error: CouchbaseError) => error.allResults as MultiResult<R>);
  const outcome = (key: string, result: R): T | Failure => {
    const error = results.errors.get(key);
    return error === undefined ? take(result) : failureOf(error);
  };
  return new Map([...results].map(([key, result]) => [key, outcome(key, result)]));
}

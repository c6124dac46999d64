/** A collection, as the manifest has it. */
export interface CollectionEntry {
  /** The name of the collection. */
  readonly name: string;
  /** The id of the collection. */
  readonly id: number;
  /**
   * Seconds. It caps the expiry of every document written to the collection, and is that of those written without one.
   * 0 uses the bucket's, `TTL_NEVER` has no limit whatever that is.
   */
  readonly maxTtl: number;
  /** Whether former versions are to be kept. Default false. */
  readonly history?: boolean;
}

/** A collection's `maxTtl` that overrides the bucket's with none. */
export const TTL_NEVER = -1;

/** A scope, as the manifest has it. */
export interface ScopeEntry {
  /** The name of the scope. */
  readonly name: string;
  /** The id of the scope. */
  readonly id: number;
  /** The collections of the scope. */
  readonly collections: readonly CollectionEntry[];
}

/** The names and ids of a bucket's scopes and collections; never changed, a new one takes its place. */
export interface Manifest {
  /** The id of this state of the manifest, which grows with each change. */
  readonly uid: bigint;
  /** The scopes, each with its collections. */
  readonly scopes: readonly ScopeEntry[];
}

/** The manifest of a new bucket: the default collection in the default scope. */
export const DEFAULT_MANIFEST: Manifest = {
  uid: 0n,
  scopes: [{ name: '_default', id: 0, collections: [{ name: '_default', id: 0, maxTtl: 0 }] }],
};

const NAME_CHARACTERS = /^[A-Za-z0-9_%$-]{1,251}$/;
/** Ids below this one, but for 0, are the server's own. */
const ID_MIN = 8;

/**
 * Reads a manifest's JSON. Source: kv_engine docs/Collections.md, "0xb9 - Set Collections Manifest".
 * @returns undefined when it breaks one of the rules given there
 */
export function parseManifest(text: string): Manifest | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Text that is not JSON is not a manifest; the server gives no details either.
    return undefined;
  }
  if (!isObject(json)) return undefined;
  const uid =
    typeof json['uid'] === 'string' && /^[0-9a-f]{1,16}$/i.test(json['uid']) ? BigInt(`0x${json['uid']}`) : undefined;
  const scopes = Array.isArray(json['scopes']) ? json['scopes'].map(parseScope) : [undefined];
  if (uid === undefined || !scopes.every((scope) => scope !== undefined)) return undefined;
  return isSound(scopes) ? { uid, scopes } : undefined;
}

/** The manifest as the server writes it: keys in alphabetical order, the scopes that came last first. */
export function manifestJson({ uid, scopes }: Manifest): string {
  const written = scopes.map(({ name, id, collections }) => ({
    collections: collections.map((one) => ({
      ...(one.history && { history: true }),
      ...(one.maxTtl !== 0 && { maxTTL: Math.max(0, one.maxTtl) }),
      name: one.name,
      uid: one.id.toString(16),
    })),
    name,
    uid: id.toString(16),
  }));
  return JSON.stringify({ scopes: written.reverse(), uid: uid.toString(16) });
}

/** Why `next` cannot follow `current`, in the server's words; `undefined` when it can. */
export function succession(current: Manifest, next: Manifest): string | undefined {
  const obstacle = findObstacle(current, next);
  return obstacle === undefined ? undefined : `${obstacle}: cannot_apply_collections_manifest`;
}

function findObstacle(current: Manifest, next: Manifest): string | undefined {
  if (next.uid < current.uid) return `uid must be >= current-uid:${current.uid}, new-uid:${next.uid}`;
  if (next.uid === current.uid) {
    return manifestJson(current) === manifestJson(next) ? undefined : 'equal uid but not an equal manifest';
  }
  for (const scope of current.scopes) {
    const successor = next.scopes.find(({ id }) => id === scope.id);
    if (successor !== undefined && successor.name !== scope.name) {
      return `invalid name change detected on scope sid:0x${scope.id.toString(16)}, name:${scope.name}, new-name:${successor.name}`;
    }
  }
  return undefined;
}

/** Every collection of a manifest, each with its scope. */
export function* entries(manifest: Manifest): Generator<{ scope: ScopeEntry; collection: CollectionEntry }> {
  for (const scope of manifest.scopes) for (const collection of scope.collections) yield { scope, collection };
}

function parseScope(scope: unknown): ScopeEntry | undefined {
  if (!isObject(scope)) return undefined;
  const id = parseId(scope['uid']);
  const collections = (Array.isArray(scope['collections']) ? scope['collections'] : []).map(parseCollection);
  if (id === undefined || !isName(scope['name'], id)) return undefined;
  return collections.every((one) => one !== undefined) ? { name: scope['name'], id, collections } : undefined;
}

function parseCollection(collection: unknown): CollectionEntry | undefined {
  if (!isObject(collection)) return undefined;
  const id = parseId(collection['uid']);
  const maxTtl = parseTtl(collection['maxTTL']);
  const { history = false } = collection;
  if (id === undefined || !isName(collection['name'], id) || maxTtl === undefined) return undefined;
  if (typeof history !== 'boolean') return undefined;
  return { name: collection['name'], id, maxTtl, ...(history && { history }) };
}

/** A time to live that is given, and 0, overrides the bucket's. */
function parseTtl(maxTtl: unknown): number | undefined {
  if (maxTtl === undefined) return 0;
  if (typeof maxTtl !== 'number' || !Number.isInteger(maxTtl) || maxTtl < 0 || maxTtl > 0x7fffffff) return undefined;
  return maxTtl === 0 ? TTL_NEVER : maxTtl;
}

function parseId(uid: unknown): number | undefined {
  if (typeof uid !== 'string' || !/^[0-9a-f]{1,8}$/i.test(uid)) return undefined;
  const id = Number.parseInt(uid, 16);
  return id === 0 || id >= ID_MIN ? id : undefined;
}

/** Only the default's id goes with the default's name; other names begin with neither `%` nor `$`. */
function isName(name: unknown, id: number): name is string {
  if (typeof name !== 'string' || !NAME_CHARACTERS.test(name)) return false;
  return name === '_default' ? id === 0 : id !== 0 && !/^[%$]/.test(name);
}

/** Ids are unique in the bucket, names in their scope, and the default scope is there. */
function isSound(scopes: readonly ScopeEntry[]): boolean {
  const collections = scopes.flatMap((scope) => scope.collections);
  return (
    scopes.some(({ id }) => id === 0) &&
    isUnique(scopes.map(({ id }) => id)) &&
    isUnique(scopes.map(({ name }) => name)) &&
    isUnique(collections.map(({ id }) => id)) &&
    scopes.every((scope) => isUnique(scope.collections.map(({ name }) => name)))
  );
}

function isUnique(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

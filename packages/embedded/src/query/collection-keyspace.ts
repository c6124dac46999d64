import { Datatype, Status, vbucketOf } from '@cb/protocol';
import type { Item, Keyspace, KeyspaceIndex, MutationFault, MutationOptions, Value } from '@cb/sqlpp';
import { VALUE_BYTES_MAX } from '../store/bucket.js';
import { Document, revised, tombstone } from '../store/document.js';
import type { Vbucket } from '../store/vbucket.js';
import { systemXattrs } from '../store/xattr.js';
import { idText } from '../views/map-input.js';
import type { DurableWrites } from './durable-writes.js';
import type { Engine } from './engine.js';
import { writeXattrs } from './item-xattrs.js';
import type { QueryBucket } from './query-host.js';
import { StoredItem } from './stored-item.js';

/** Number of documents that are given at a time. */
const BATCH = 256;

/** Flags that SDKs give documents in JSON. */
const JSON_FLAGS = 0x0200_0006;

/** A kind of statement that changes documents. */
export type Change = 'INSERT' | 'UPDATE' | 'DELETE';

/** What the user may do with the collection. */
export interface CollectionRights {
  /** Whether they see attributes of the system. */
  readonly seesSystemXattrs: boolean;
  /** @throws what the answer says if they may not make a change */
  check(change: Change): void;
}

/** Returns what speaks against writing a key, whose document is `current`. */
type Check = (current: Document | undefined) => MutationFault | undefined;

/** A collection of a bucket as statements see it: all active vbuckets of all nodes. */
export class CollectionKeyspace implements Keyspace {
  readonly #engine: Engine;
  readonly #bucket: QueryBucket;
  readonly #collection: number;
  readonly #rights: CollectionRights;
  readonly #durable: DurableWrites | undefined;

  /** @param durable what writes, if that is to be durable */
  constructor(
    engine: Engine,
    bucket: QueryBucket,
    collection: number,
    rights: CollectionRights,
    durable: DurableWrites | undefined,
  ) {
    this.#engine = engine;
    this.#bucket = bucket;
    this.#collection = collection;
    this.#rights = rights;
    this.#durable = durable;
  }

  /** The documents of one vbucket after the other, each vbucket as it is when its turn begins. */
  *scan(): Generator<readonly Item[]> {
    let batch: Item[] = [];
    for (const vbucket of this.#vbuckets()) {
      for (const document of [...vbucket.documents(this.#collection)]) {
        const item = this.#live(vbucket, document);
        if (item === undefined) continue;
        batch.push(item);
        if (batch.length < BATCH) continue;
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  }

  get(id: string): Item | undefined {
    const document = this.#vbucketOf(id)?.read(this.#collection, keyOf(id));
    return document === undefined ? undefined : this.#item(id, document);
  }

  indexes(): readonly KeyspaceIndex[] {
    return this.#bucket.indexes.find(this.#collection)?.all ?? [];
  }

  insert(id: string, document: Value, options: MutationOptions): Item | MutationFault {
    this.#rights.check('INSERT');
    return this.#write(id, document, options, (current) => (current === undefined ? undefined : { kind: 'exists' }));
  }

  upsert(id: string, document: Value, options: MutationOptions): Item | MutationFault {
    this.#rights.check('INSERT');
    this.#rights.check('UPDATE');
    return this.#write(id, document, options, () => undefined);
  }

  replace(item: Item, document: Value, options: MutationOptions): Item | MutationFault {
    this.#rights.check('UPDATE');
    return this.#write(item.id, document, options, (current) => staleness(item, current));
  }

  remove(item: Item): MutationFault | undefined {
    this.#rights.check('DELETE');
    const vbucket = this.#vbucketOf(item.id);
    const current = vbucket?.read(this.#collection, keyOf(item.id));
    const fault = staleness(item, current) ?? this.#refusal(vbucket, item.id, current);
    if (fault !== undefined || current === undefined || vbucket === undefined) return fault;
    this.#commit(vbucket, tombstone(current, systemXattrs(current.xattrs)), item.id);
    return undefined;
  }

  #commit(vbucket: Vbucket, draft: Document, id: string): Document {
    return this.#durable === undefined ? vbucket.commit(draft) : this.#durable.write(vbucket, draft, id);
  }

  #item(id: string, document: Document): Item {
    return new StoredItem(id, document, this.#engine, this.#rights.seesSystemXattrs);
  }

  #write(id: string, document: Value, options: MutationOptions, check: Check): Item | MutationFault {
    const { expiration, xattrs } = options;
    const vbucket = this.#vbucketOf(id);
    const current = vbucket?.read(this.#collection, keyOf(id));
    const fault = check(current) ?? this.#refusal(vbucket, id, current);
    if (fault !== undefined || vbucket === undefined) return fault ?? NO_NODE;
    const value = Buffer.from(this.#engine.jsonText(document));
    if (value.length > VALUE_BYTES_MAX) {
      return { kind: 'failed', message: `the document has ${value.length} bytes; the limit is ${VALUE_BYTES_MAX}` };
    }
    const parts = { value, datatype: Datatype.Json, flags: JSON_FLAGS, expiry: this.#expiry(expiration, current) };
    const draft =
      current === undefined
        ? new Document(this.#collection, keyOf(id), {
            ...parts,
            xattrs: xattrs && writeXattrs(undefined, xattrs, this.#engine),
          })
        : revised(current, { ...parts, ...(xattrs && { xattrs: writeXattrs(current.xattrs, xattrs, this.#engine) }) });
    return this.#item(id, this.#commit(vbucket, draft, id));
  }

  /** An expiration that was not given stays as it is, or is that of the collection. */
  #expiry(asked: number | undefined, current: Document | undefined): number {
    if (asked === undefined && current !== undefined) return current.expiry;
    return this.#bucket.parts[0]?.expiry(asked ?? 0, this.#collection) ?? 0;
  }

  #refusal(vbucket: Vbucket | undefined, id: string, current: Document | undefined): MutationFault | undefined {
    if (vbucket === undefined) return NO_NODE;
    const impossible = this.#durable?.refusal(vbucket);
    if (impossible !== undefined) return impossible;
    const status = vbucket.refusal(this.#collection, keyOf(id), current, 0, 0);
    if (status === Status.Success || status === Status.KeyNotFound) return undefined;
    const message =
      status === Status.Locked ? 'the document is locked' : 'a durable write of the document is under way';
    return { kind: 'failed', message };
  }

  *#vbuckets(): Generator<Vbucket> {
    for (const id of this.#bucket.vbucketMap.keys()) {
      const vbucket = this.#vbucket(id);
      if (vbucket !== undefined) yield vbucket;
    }
  }

  #vbucketOf(id: string): Vbucket | undefined {
    return this.#vbucket(vbucketOf(id, this.#bucket.vbucketMap.length));
  }

  #vbucket(id: number): Vbucket | undefined {
    const active = this.#bucket.vbucketMap[id]?.[0] ?? -1;
    return this.#bucket.parts[active]?.vbuckets[id];
  }

  #live(vbucket: Vbucket, document: Document): Item | undefined {
    if (document.deleted || vbucket.isExpired(document)) return undefined;
    const id = idText(document);
    return id === undefined ? undefined : this.#item(id, document);
  }
}

const NO_NODE: MutationFault = { kind: 'failed', message: 'no node has the vbucket of the key' };

/** Documents are stored under the bytes of their keys. */
function keyOf(id: string): string {
  return Buffer.from(id).toString('latin1');
}

/** Returns what has become of a document since it was read. */
function staleness(item: Item, current: Document | undefined): MutationFault | undefined {
  if (current === undefined) return { kind: 'not found' };
  return item.meta?.cas !== undefined && BigInt(item.meta.cas) === current.cas ? undefined : { kind: 'changed' };
}

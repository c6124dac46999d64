import { snappyContent, Datatype, Status, vbucketOf } from '@cb/protocol';
import { BinaryValue, type Item, type Keyspace, type MutationFault, type MutationOptions, parseJson, type Value } from '@cb/sqlpp';
import type { ServiceBucket } from '../http/hosts.js';
import { Document, revised } from '../store/document.js';
import type { Vbucket } from '../store/vbucket.js';
import { idText } from '../views/map-input.js';

/** Number of documents that are given at a time. */
const BATCH = 256;

/** Prints a value as JSON. */
export type PrintJson = (value: Value) => string;

/** A collection of a bucket as statements see it: all active vbuckets of all nodes. */
export class CollectionKeyspace implements Keyspace {
  readonly #bucket: ServiceBucket;
  readonly #collection: number;
  readonly #print: PrintJson;

  constructor(bucket: ServiceBucket, collection: number, print: PrintJson) {
    this.#bucket = bucket;
    this.#collection = collection;
    this.#print = print;
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
    const key = keyOf(id);
    const document = this.#vbucketOf(key)?.read(this.#collection, key);
    return document === undefined ? undefined : new StoredItem(id, document);
  }

  insert(id: string, document: Value, options: MutationOptions): Item | MutationFault {
    return this.#write(id, document, options, (current) => (current === undefined ? undefined : { kind: 'exists' }));
  }

  upsert(id: string, document: Value, options: MutationOptions): Item | MutationFault {
    return this.#write(id, document, options, () => undefined);
  }

  replace(item: Item, document: Value, options: MutationOptions): Item | MutationFault {
    return this.#write(item.id, document, options, (current) => changed(item, current));
  }

  remove(item: Item): MutationFault | undefined {
    const key = keyOf(item.id);
    const vbucket = this.#vbucketOf(key);
    const current = vbucket?.read(this.#collection, key);
    const fault = changed(item, current) ?? refusal(vbucket, this.#collection, key, current);
    if (vbucket === undefined || fault !== undefined) return fault;
    vbucket.commit(new Document(this.#collection, key, tombstone(), true));
    return undefined;
  }

  #write(
    id: string,
    document: Value,
    { expiration }: MutationOptions,
    check: (current: Document | undefined) => MutationFault | undefined,
  ): Item | MutationFault {
    const key = keyOf(id);
    const vbucket = this.#vbucketOf(key);
    const current = vbucket?.read(this.#collection, key);
    const fault = check(current) ?? refusal(vbucket, this.#collection, key, current);
    if (vbucket === undefined || fault !== undefined) return fault ?? unavailable();
    const value = Buffer.from(this.#print(document));
    const expiry = this.#expiry(expiration, current);
    const changes = { value, datatype: Datatype.Json, flags: JSON_FLAGS, expiry };
    const draft =
      current === undefined
        ? new Document(this.#collection, key, { ...changes, xattrs: undefined })
        : revised(current, changes);
    return new StoredItem(id, vbucket.commit(draft));
  }

  #expiry(asked: number | undefined, current: Document | undefined): number {
    if (asked === undefined) return current?.expiry ?? this.#part(0).expiry(0, this.#collection);
    return this.#part(0).expiry(asked, this.#collection);
  }

  #part(node: number): ServiceBucket['parts'][number] {
    return this.#bucket.parts[node] as ServiceBucket['parts'][number];
  }

  *#vbuckets(): Generator<Vbucket> {
    for (const [id, [active = -1]] of this.#bucket.vbucketMap.entries()) {
      const vbucket = this.#bucket.parts[active]?.vbuckets[id];
      if (vbucket !== undefined) yield vbucket;
    }
  }

  #vbucketOf(key: string): Vbucket | undefined {
    const id = vbucketOf(Buffer.from(key, 'latin1').toString('utf8'), this.#bucket.vbucketMap.length);
    return this.#bucket.parts[this.#bucket.vbucketMap[id]?.[0] ?? -1]?.vbuckets[id];
  }

  #live(vbucket: Vbucket, document: Document): Item | undefined {
    if (document.deleted || vbucket.isExpired(document)) return undefined;
    const id = idText(document);
    return id === undefined ? undefined : new StoredItem(id, document);
  }
}

/** Flags of JSON as all SDKs write them. */
const JSON_FLAGS = 0x0200_0006;

function keyOf(id: string): string {
  return Buffer.from(id).toString('latin1');
}

function tombstone(): { value: Buffer; xattrs: undefined; flags: number; expiry: number } {
  return { value: Buffer.alloc(0), xattrs: undefined, flags: 0, expiry: 0 };
}

/** A document that is parsed when it is looked at. */
class StoredItem implements Item {
  #document: Value;
  #isParsed = false;

  readonly #source: Document;

  constructor(
    readonly id: string,
    source: Document,
  ) {
    this.#source = source;
  }

  get document(): Value {
    if (!this.#isParsed) this.#document = contentOf(this.#source);
    this.#isParsed = true;
    return this.#document;
  }

  get meta(): Item['meta'] {
    const { cas, expiry, flags } = this.#source;
    return { cas: cas <= Number.MAX_SAFE_INTEGER ? Number(cas) : cas, expiration: expiry, flags };
  }
}

function contentOf(document: Document): Value {
  const bytes = (document.isCompressed ? snappyContent(document.value) : document.value) ?? document.value;
  return (document.datatype & Datatype.Json) === 0 ? new BinaryValue(bytes) : parseJson(bytes.toString('utf8'));
}

function changed(item: Item, current: Document | undefined): MutationFault | undefined {
  if (current === undefined) return { kind: 'not found' };
  const { cas } = item.meta ?? {};
  return cas === undefined || BigInt(cas) === current.cas ? undefined : { kind: 'changed' };
}

function refusal(
  vbucket: Vbucket | undefined,
  collection: number,
  key: string,
  current: Document | undefined,
): MutationFault | undefined {
  if (vbucket === undefined) return unavailable();
  const status = vbucket.refusal(collection, key, current, 0, 0);
  if (status === Status.Success || status === Status.KeyNotFound) return undefined;
  return { kind: 'failed', message: `status 0x${status.toString(16)}` };
}

function unavailable(): MutationFault {
  return { kind: 'failed', message: 'no node has the vbucket of the key' };
}

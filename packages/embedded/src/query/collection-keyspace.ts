import { Datatype, vbucketOf } from '@cb/protocol';
import { snappyContent } from '@cb/protocol/internal';
import type { Item, Keyspace, Value } from '@cb/sqlpp';
import type { ServiceBucket } from '../http/hosts.js';
import type { Document } from '../store/document.js';
import type { Vbucket } from '../store/vbucket.js';
import { idText } from '../views/map-input.js';
import type { Engine } from './engine.js';

/** Number of documents that are given at a time. */
const BATCH = 256;

/** A collection of a bucket as statements see it: all active vbuckets of all nodes. */
export class CollectionKeyspace implements Keyspace {
  readonly #engine: Engine;
  readonly #bucket: ServiceBucket;
  readonly #collection: number;

  constructor(engine: Engine, bucket: ServiceBucket, collection: number) {
    this.#engine = engine;
    this.#bucket = bucket;
    this.#collection = collection;
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
    const vbucket = this.#vbucket(vbucketOf(id, this.#bucket.vbucketMap.length));
    const document = vbucket?.read(this.#collection, Buffer.from(id).toString('latin1'));
    return document === undefined ? undefined : new StoredItem(id, document, this.#engine);
  }

  *#vbuckets(): Generator<Vbucket> {
    for (const id of this.#bucket.vbucketMap.keys()) {
      const vbucket = this.#vbucket(id);
      if (vbucket !== undefined) yield vbucket;
    }
  }

  #vbucket(id: number): Vbucket | undefined {
    const active = this.#bucket.vbucketMap[id]?.[0] ?? -1;
    return this.#bucket.parts[active]?.vbuckets[id];
  }

  #live(vbucket: Vbucket, document: Document): Item | undefined {
    if (document.deleted || vbucket.isExpired(document)) return undefined;
    const id = idText(document);
    return id === undefined ? undefined : new StoredItem(id, document, this.#engine);
  }
}

/** A document that is parsed when it is looked at. */
class StoredItem implements Item {
  readonly id: string;
  readonly #source: Document;
  readonly #engine: Engine;
  #document: Value;
  #isParsed = false;

  constructor(id: string, source: Document, engine: Engine) {
    this.id = id;
    this.#source = source;
    this.#engine = engine;
  }

  get document(): Value {
    if (!this.#isParsed) this.#document = contentOf(this.#source, this.#engine);
    this.#isParsed = true;
    return this.#document;
  }

  get meta(): Item['meta'] {
    const { cas, expiry, flags } = this.#source;
    return { cas: cas <= Number.MAX_SAFE_INTEGER ? Number(cas) : cas, expiration: expiry, flags };
  }
}

function contentOf(document: Document, { BinaryValue, parseJson }: Engine): Value {
  const bytes = (document.isCompressed ? snappyContent(document.value) : document.value) ?? document.value;
  return (document.datatype & Datatype.Json) === 0 ? new BinaryValue(bytes) : parseJson(bytes.toString('utf8'));
}

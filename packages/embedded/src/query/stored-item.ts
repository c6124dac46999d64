import { Datatype } from '@cb/protocol';
import { snappyContent } from '@cb/protocol/internal';
import type { Item, ObjectValue, Value } from '@cb/sqlpp';
import type { Document } from '../store/document.js';
import type { Engine } from './engine.js';
import { readXattrs } from './item-xattrs.js';

/** A document that is parsed when it is looked at. */
export class StoredItem implements Item {
  readonly id: string;
  readonly #source: Document;
  readonly #engine: Engine;
  readonly #withSystem: boolean;
  #document: Value;
  #isParsed = false;

  /** @param withSystem whether attributes of the system are shown */
  constructor(id: string, source: Document, engine: Engine, withSystem: boolean) {
    this.id = id;
    this.#source = source;
    this.#engine = engine;
    this.#withSystem = withSystem;
  }

  get document(): Value {
    if (!this.#isParsed) this.#document = contentOf(this.#source, this.#engine);
    this.#isParsed = true;
    return this.#document;
  }

  get meta(): Item['meta'] {
    const { cas, expiry, flags, xattrs } = this.#source;
    const exactCas = cas <= Number.MAX_SAFE_INTEGER ? Number(cas) : cas;
    if (xattrs === undefined) return { cas: exactCas, expiration: expiry, flags };
    const read = (): ObjectValue => readXattrs(xattrs, this.#withSystem, this.#engine);
    return {
      cas: exactCas,
      expiration: expiry,
      flags,
      get xattrs() {
        return read();
      },
    };
  }
}

function contentOf(document: Document, { BinaryValue, parseJson }: Engine): Value {
  const bytes = (document.isCompressed ? snappyContent(document.value) : document.value) ?? document.value;
  return (document.datatype & Datatype.Json) === 0 ? new BinaryValue(bytes) : parseJson(bytes.toString('utf8'));
}

import { Datatype } from '@cb/protocol';
import { isJson } from './json.js';

const EMPTY = Buffer.alloc(0);

/** No bits of `Datatype`: the body was not checked yet. */
const UNKNOWN = -1;

/** The parts of a document that its writer chooses. */
export interface DocumentParts {
  /** The body, compressed when `datatype` says so. The document keeps it: copy what lies in a received frame. */
  readonly value: Buffer;
  /** The encoded xattr section (`xattr.ts`); undefined when there are none. */
  readonly xattrs: Buffer | undefined;
  /** Bits of `Datatype` for the body; the xattr bit is seen to here. Default: as the body, uncompressed, looks. */
  readonly datatype?: number | undefined;
  /** The flags of the value. */
  readonly flags: number;
  /** Seconds since the epoch; 0 never. */
  readonly expiry: number;
}

/**
 * One version of one document, or its tombstone: never changed once it is in a vbucket, so that replicas, the disk and
 * the indexes may all hold the same object. Before that it is a draft: the vbucket's `commit` fills in the rest.
 * Source: kv_engine docs/Document.md.
 */
export class Document implements DocumentParts {
  /** The id of the collection. */
  readonly collection: number;
  /** One UTF-16 unit for each byte (latin1), without collection prefix. */
  readonly key: string;
  readonly value: Buffer;
  readonly xattrs: Buffer | undefined;
  /** The flags of the value. */
  readonly flags: number;
  /** Seconds since the epoch, 0 never. Of the tombstone of an expired document: when it was found expired. */
  readonly expiry: number;
  /** Whether the document is removed. */
  readonly deleted: boolean;
  /** The upper 32 bits of the CAS. */
  casHigh = 0;
  /** The lower 32 bits of the CAS. */
  casLow = 0;
  /** Position among the mutations of its vbucket, from 1. */
  seqno = 0;
  /** How often this key was written, tombstones included. */
  revision = 0;
  /** Bits for the body alone. */
  #bodyType: number;

  constructor(collection: number, key: string, parts: DocumentParts, deleted = false) {
    this.collection = collection;
    this.key = key;
    this.value = parts.value;
    this.xattrs = parts.xattrs;
    this.#bodyType = parts.datatype === undefined ? UNKNOWN : parts.datatype & ~Datatype.Xattr;
    this.flags = parts.flags;
    this.expiry = parts.expiry;
    this.deleted = deleted;
  }

  /** Bits of `Datatype`. A body is checked when they are first needed: most are overwritten before. */
  get datatype(): number {
    if (this.#bodyType === UNKNOWN) this.#bodyType = isJson(this.value) ? Datatype.Json : Datatype.Raw;
    return this.xattrs === undefined ? this.#bodyType : this.#bodyType | Datatype.Xattr;
  }

  /** The CAS. */
  get cas(): bigint {
    return (BigInt(this.casHigh) << 32n) | BigInt(this.casLow);
  }

  /** Whether the value is compressed with Snappy. */
  get isCompressed(): boolean {
    return this.#bodyType > 0 && (this.#bodyType & Datatype.Snappy) !== 0;
  }

  /** Whether the CAS is this one. */
  hasCas(high: number, low: number): boolean {
    return this.casLow === low && this.casHigh === high;
  }
}

/** A draft of the next version of `document`, the same but for `changes`. */
export function revised(document: Document, changes: Partial<DocumentParts>): Document {
  const { value, xattrs, datatype, flags, expiry } = document;
  return new Document(document.collection, document.key, { value, xattrs, datatype, flags, expiry, ...changes });
}

/**
 * A draft of the tombstone that takes the place of `document`; `xattrs` is what outlives it. Where something does, a server
 * stores a document without a body, whose flags are 0.
 */
export function tombstone(document: Document, xattrs: Buffer | undefined, expiry = 0): Document {
  const parts = {
    value: EMPTY,
    xattrs,
    datatype: Datatype.Raw,
    flags: xattrs === undefined ? document.flags : 0,
    expiry,
  };
  return new Document(document.collection, document.key, parts, true);
}

/** The same version as an object of its own, for a draft that two vbuckets hold. */
export function duplicate(document: Document): Document {
  const copy = new Document(document.collection, document.key, document, document.deleted);
  copy.casHigh = document.casHigh;
  copy.casLow = document.casLow;
  copy.seqno = document.seqno;
  copy.revision = document.revision;
  return copy;
}

import type { Document } from '../store/document.js';

/** A document as sub-document operations see it. */
export interface SubdocDocument {
  /** The version that is stored; it may be a tombstone. */
  readonly stored: Document;
  /** Its body, inflated. */
  readonly body: Buffer;
  readonly locked: boolean;
  /** As reported: seconds since the epoch. */
  readonly expiry: number;
}

/** What is to be stored when an operation has changed a document, or made one. */
export interface DocumentChange {
  /** The version that it follows, whose flags it keeps; undefined when it is made. */
  readonly original: Document | undefined;
  readonly body: Buffer;
  /** The section of attributes; undefined when there are none. Where macros wait for the mutation, placeholders hold their place. */
  readonly xattrs: Buffer | undefined;
  /** Bits of `Datatype` for the body. */
  readonly datatype: number;
  /** It is a tombstone. */
  readonly deleted: boolean;
  /** Replaces the placeholders in `xattrs`, in place; undefined when there are none. */
  readonly expandMacros: ((cas: bigint, seqno: number) => void) | undefined;
}

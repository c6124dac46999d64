import { Datatype, type FrameWriter, Status } from '@cb/protocol';
import { snappyContent } from '@cb/protocol/internal';
import type { Document } from '../store/document.js';
import type { Request } from './request.js';

/** The CAS of a locked document for all clients except the holder of the lock. */
const LOCKED_CAS_HALF = 0xffffffff;

/**
 * Answers with a document as GET does: flags, body, datatype, CAS, for a locked one the CAS that never matches. Hot
 * function.
 */
export function replyDocument(request: Request, document: Document): void {
  if (request.vbucket.locks.isLocked(document)) {
    replyDocumentAs(request, document, LOCKED_CAS_HALF, LOCKED_CAS_HALF);
  } else {
    replyDocumentAs(request, document, document.casHigh, document.casLow);
  }
}

/** The same with another CAS than the document's. */
export function replyDocumentAs(request: Request, document: Document, casHigh: number, casLow: number): void {
  const { features } = request.session;
  if (document.isCompressed && !features.snappy) {
    const datatype = request.datatypeOut(document.datatype & Datatype.Json);
    request.replyValue(document.flags, bodyOf(document), datatype, casHigh, casLow);
  } else {
    const datatype = request.datatypeOut(document.datatype & ~Datatype.Xattr);
    request.replyValue(document.flags, document.value, datatype, casHigh, casLow);
  }
}

/** Answers with a document and its key: as the request spells it, or, with `key`, as it is to be spelt. */
export function replyKeyedDocument(request: Request, document: Document, key: Uint8Array = request.frame.key): void {
  const inflated = document.isCompressed && !request.session.features.snappy;
  const writer: FrameWriter = request.begin();
  writer.u32(document.flags);
  writer.endExtras();
  writer.raw(key);
  writer.endKey();
  writer.raw(inflated ? bodyOf(document) : document.value);
  const kept = inflated ? Datatype.Json : Datatype.Json | Datatype.Snappy;
  const datatype = request.datatypeOut(document.datatype & kept);
  if (request.vbucket?.locks.isLocked(document)) {
    request.end(Status.Success, datatype, LOCKED_CAS_HALF, LOCKED_CAS_HALF);
  } else {
    request.end(Status.Success, datatype, document.casHigh, document.casLow);
  }
}

/** The body of a document, inflated. */
export function bodyOf(document: Document): Buffer {
  if (!document.isCompressed) return document.value;
  const body = snappyContent(document.value);
  if (body === undefined) throw new Error(`the stored document ${JSON.stringify(document.key)} is not a snappy block`);
  return body;
}

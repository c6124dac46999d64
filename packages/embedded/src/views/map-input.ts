import { isUtf8 } from 'node:buffer';
import { Datatype } from '@cb/protocol';
import { snappyContent } from '@cb/protocol/internal';
import type { Document } from '../store/document.js';

const BEYOND_ASCII = /[^\0-\x7f]/;

/** The id as text; undefined when its bytes are not UTF-8, in which case no view has the document. */
export function idText(document: Document): string | undefined {
  if (!BEYOND_ASCII.test(document.key)) return document.key;
  const bytes = Buffer.from(document.key, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

/**
 * What map functions get of a document, as the JSON of `[document, meta]`. What is not JSON is given in base64.
 * Source: couchbase/couchdb, couch_doc.erl and couch_set_view_updater.erl.
 */
export function mapInput(document: Document, partition: number, id: string): string {
  const value = (document.isCompressed ? snappyContent(document.value) : document.value) ?? document.value;
  const isJson = (document.datatype & Datatype.Json) !== 0;
  const meta = {
    id,
    rev: `${document.revision}-${revisionId(document)}`,
    seq: String(document.seqno),
    vb: String(partition),
    ...(isJson ? {} : { att_reason: 'non-JSON mode' }),
    expiration: document.expiry,
    flags: document.flags,
    type: isJson ? 'json' : 'base64',
    xattrs: {},
  };
  const body = isJson ? value.toString('utf8') || '""' : JSON.stringify(value.toString('base64'));
  return `[${body},${JSON.stringify(meta)}]`;
}

/** The CAS, the expiry and the flags, as the server strings them together. */
function revisionId({ casHigh, casLow, expiry, flags }: Document): string {
  return [casHigh, casLow, expiry, flags].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

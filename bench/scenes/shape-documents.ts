/** The documents that one point of a curve is about. */
export interface Documents {
  readonly count: number;
  /** The length of each as JSON; all of it is ASCII. At least 10. */
  readonly bytes: number;
  /** They are in so many collections of the default scope, in turn; 0 is the default collection. */
  readonly collections: number;
}

export interface ShapeDocument {
  /** Four digits; every read adds it up. */
  readonly n: number;
  readonly pad?: string;
  readonly texts?: readonly string[];
}

const FIRST_N = 1000;
const NS = 9000;
/** Where the digits of `n` are in the JSON of every document. */
const N_AT = '{"n":'.length;
const N_DIGITS = 4;

/** Most of a large document is in texts of so many characters. */
const TEXT_CHARACTERS = 1000;
/** With quotes and a comma. */
const TEXT_BYTES = TEXT_CHARACTERS + 3;
const TEXT = 'Hops, malt, yeast and water. '.repeat(40).slice(0, TEXT_CHARACTERS);

/** The document of the operation with this index. */
export function documentAt({ bytes, count }: Documents, index: number): ShapeDocument {
  const n = nAt(index % count);
  const room = bytes - JSON.stringify({ n, pad: '', texts: [] }).length;
  if (room < 0) return { n };
  const texts = new Array(Math.floor((room + 1) / TEXT_BYTES)).fill(TEXT);
  const pad = 'x'.repeat(room - Math.max(0, texts.length * TEXT_BYTES - 1));
  return { n, pad, texts };
}

/** The keys of all, in order; those of one index differ from one length of documents to another. */
export function keysOf({ bytes, count }: Documents): string[] {
  return Array.from({ length: count }, (_none, index) => `${bytes}:${index}`);
}

/** The names of the collections, in the order in which the documents go to them. */
export function collectionsOf({ collections }: Documents): string[] {
  return Array.from({ length: collections }, (_none, index) => `c${index}`);
}

/** What `n` of so many documents, in order and again and again, adds up to. */
export function sumOf({ count }: Documents, operations: number): number {
  let sum = 0;
  for (let index = 0; index < operations; index++) sum += nAt(index % count);
  return sum;
}

/** `n` in the JSON of a document, read without parsing the rest. */
export function nIn(json: Uint8Array): number {
  let n = 0;
  for (let at = N_AT; at < N_AT + N_DIGITS; at++) n = n * 10 + json[at]! - 0x30;
  return n;
}

function nAt(place: number): number {
  return FIRST_N + (place % NS);
}

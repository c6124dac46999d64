/** A JSON value, as a map function emits it for a key. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * The root collation of ICU, which every server uses, whatever its locale: English is the root unchanged, and naming it
 * keeps the process's own locale out.
 */
const collator = new Intl.Collator('en');

/**
 * The order of keys in a view: null, false, true, numbers, strings, arrays, objects. Numbers go by value, strings by the
 * Unicode collation algorithm, arrays element by element with the shorter first, objects likewise by name and value in
 * the order in which they were written. Source: couchbase/couchdb, couch_raw_json_compare.c and its test 01-collation.t.
 */
export function compareKeys(a: Json, b: Json): number {
  const rankA = rank(a);
  const rankB = rank(b);
  if (rankA !== rankB) return rankA - rankB;
  if (rankA === RANK_NUMBER) return compareNumbers(a as number, b as number);
  if (rankA === RANK_STRING) return compareStrings(a as string, b as string);
  if (rankA === RANK_ARRAY) return compareArrays(a as readonly Json[], b as readonly Json[]);
  if (rankA === RANK_OBJECT) return compareObjects(a as Record<string, Json>, b as Record<string, Json>);
  return 0;
}

/** Strings as parts of keys: by the Unicode collation algorithm. */
export function compareStrings(a: string, b: string): number {
  return a === b ? 0 : collator.compare(a, b);
}

/** Texts by their bytes, as ids of documents are ordered; each UTF-16 unit stands for a byte. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const RANK_NUMBER = 3;
const RANK_STRING = 4;
const RANK_ARRAY = 5;
const RANK_OBJECT = 6;

function rank(value: Json): number {
  if (value === null) return 0;
  if (value === false) return 1;
  if (value === true) return 2;
  if (typeof value === 'number') return RANK_NUMBER;
  if (typeof value === 'string') return RANK_STRING;
  return Array.isArray(value) ? RANK_ARRAY : RANK_OBJECT;
}

/** Not by their difference, as numbers too great for a double are read as infinite. */
function compareNumbers(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function compareArrays(a: readonly Json[], b: readonly Json[]): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const order = compareKeys(a[index]!, b[index]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareObjects(a: Readonly<Record<string, Json>>, b: Readonly<Record<string, Json>>): number {
  const namesA = Object.keys(a);
  const namesB = Object.keys(b);
  const length = Math.min(namesA.length, namesB.length);
  for (let index = 0; index < length; index++) {
    const nameA = namesA[index]!;
    const nameB = namesB[index]!;
    const order = compareStrings(nameA, nameB) || compareKeys(a[nameA]!, b[nameB]!);
    if (order !== 0) return order;
  }
  return namesA.length - namesB.length;
}

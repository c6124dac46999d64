import { sortedNames } from './collation.js';
import { numberText } from './numbers.js';
import { BinaryValue, type ObjectValue, type Value } from './value.js';

/** What JSON.stringify writes otherwise than the engine: backspace, form feed, line and paragraph separator, lone halves. */
const SPECIAL = /[\b\f\u2028\u2029\ud800-\udfff]/;

/** What cannot stand in a string as it is. */
const ESCAPED = /[^ !#-[\]-\u2027\u202a-\ud7ff\ue000-\uffff]/;
const LONE_HALF = /\p{Surrogate}/gu;

/** Names of an object as it has them, sorted, and sorted as text. */
interface Shape {
  readonly keys: readonly string[];
  readonly names: readonly string[];
  readonly texts: readonly string[];
}

/** Shapes of objects with fewer members than this are kept. */
const KEPT_SIZE = 64;
const shapes: (Shape | undefined)[] = new Array<undefined>(KEPT_SIZE).fill(undefined);

/**
 * Returns the JSON text of a value as the engine prints it: names sorted, no blanks, MISSING as null, NaN and the
 * infinities as strings.
 */
export function jsonText(value: Value): string {
  switch (typeof value) {
    case 'string':
      return stringText(value);
    case 'number':
    case 'bigint':
      return jsonNumber(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'undefined':
      return 'null';
    default:
      if (value === null) return 'null';
      if (Array.isArray(value)) return arrayText(value);
      if (value instanceof BinaryValue) return `"<binary (${value.bytes.length} b)>"`;
      return objectText(value as ObjectValue);
  }
}

/** Returns the JSON text of a string. */
export function stringText(text: string): string {
  if (!ESCAPED.test(text)) return `"${text}"`;
  if (!SPECIAL.test(text)) return JSON.stringify(text);
  return JSON.stringify(text.replace(LONE_HALF, '\ufffd')).replace(/\\[bf\\]|[\u2028\u2029]/g, respell);
}

function respell(found: string): string {
  switch (found) {
    case '\\b':
      return '\\u0008';
    case '\\f':
      return '\\u000c';
    case '\u2028':
      return '\\u2028';
    case '\u2029':
      return '\\u2029';
    default:
      return found;
  }
}

function jsonNumber(number: number | bigint): string {
  const text = numberText(number);
  return typeof number === 'bigint' || Number.isFinite(number) ? text : `"${text}"`;
}

function arrayText(values: readonly Value[]): string {
  if (values.length === 0) return '[]';
  let text = '[';
  for (let at = 0; at < values.length; at++) text += at === 0 ? jsonText(values[at]) : `,${jsonText(values[at])}`;
  return `${text}]`;
}

function objectText(object: ObjectValue): string {
  const { names, texts } = shapeOf(object);
  let text = '';
  for (let at = 0; at < names.length; at++) {
    const value = object[names[at] as string];
    if (value !== undefined) text += (text === '' ? '{' : ',') + texts[at] + jsonText(value);
  }
  return text === '' ? '{}' : `${text}}`;
}

/** Returns the sorted names of an object. Objects one behind the other are often alike, so the last of each size is kept. */
function shapeOf(object: ObjectValue): Shape {
  const keys = Object.keys(object);
  const last = shapes[keys.length];
  if (last !== undefined && isAlike(keys, last.keys)) return last;
  const names = sortedNames(object);
  const shape: Shape = { keys, names, texts: names.map((name) => `${stringText(name)}:`) };
  if (keys.length < KEPT_SIZE) shapes[keys.length] = shape;
  return shape;
}

function isAlike(keys: readonly string[], others: readonly string[]): boolean {
  for (let at = 0; at < keys.length; at++) {
    if (keys[at] !== others[at]) return false;
  }
  return true;
}

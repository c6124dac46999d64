import { sortedNames } from './collation.js';
import { numberText } from './numbers.js';
import { BinaryValue, type ObjectValue, type Value } from './value.js';

/** What JSON.stringify writes otherwise than the engine: backspace, form feed, line and paragraph separator, lone halves. */
const SPECIAL = /[\b\f\u2028\u2029\ud800-\udfff]/;

const LONE_HALF = /\p{Surrogate}/gu;

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
  return SPECIAL.test(text)
    ? JSON.stringify(text.replace(LONE_HALF, '\ufffd')).replace(/\\[bf\\]|[\u2028\u2029]/g, respell)
    : JSON.stringify(text);
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
  let text = '';
  for (const name of sortedNames(object)) {
    const value = object[name];
    if (value !== undefined) text += `${text === '' ? '{' : ','}${stringText(name)}:${jsonText(value)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

import { fromDouble, fromInteger } from './numbers.js';
import type { Value } from './value.js';

/** A number that JSON.parse may read as another one than the engine does: an integer of many digits, or with an exponent. */
const LARGE = /(?:^|[:,[\s])-?(?:\d{16}|[\d.]+[eE])/;
const TOKEN = /[ \t\r\n]*(?:([[\]{},:])|("(?:[^"\\]|\\.)*")|(-?\d+)(\.\d+)?([eE][-+]?\d+)?|(true|false|null))/y;

/**
 * Reads JSON as the engine does: an integer of 64 bits keeps all its digits.
 *
 * @throws SyntaxError if the text is not JSON
 */
export function parseJson(text: string): Value {
  const value = JSON.parse(text) as Value;
  return LARGE.test(text) ? new Reader(text).read() : value;
}

/** Reads text that is known to be JSON. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Value {
    return this.#value(this.#next());
  }

  #next(): RegExpExecArray {
    TOKEN.lastIndex = this.#at;
    const token = TOKEN.exec(this.#text) as RegExpExecArray;
    this.#at = TOKEN.lastIndex;
    return token;
  }

  #value([, sign, string, digits, fraction, exponent, word]: RegExpExecArray): Value {
    if (sign === '[') return this.#array();
    if (sign === '{') return this.#object();
    if (string !== undefined) return JSON.parse(string) as string;
    if (digits === undefined) return word === 'null' ? null : word === 'true';
    if (fraction === undefined && exponent === undefined) return fromInteger(BigInt(digits));
    return fromDouble(Number(digits + (fraction ?? '') + (exponent ?? '')));
  }

  #array(): Value {
    const values: Value[] = [];
    for (let token = this.#next(); token[1] !== ']'; token = this.#next()) {
      if (token[1] !== ',') values.push(this.#value(token));
    }
    return values;
  }

  #object(): Value {
    const entries: [string, Value][] = [];
    for (let token = this.#next(); token[1] !== '}'; token = this.#next()) {
      if (token[2] === undefined) continue;
      this.#next();
      entries.push([JSON.parse(token[2]) as string, this.#value(this.#next())]);
    }
    return Object.fromEntries(entries);
  }
}

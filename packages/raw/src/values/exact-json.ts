import { ValueFormatError } from '@cb/protocol';
import { checkNothingLost } from './json-loss.js';

/*
 * JSON in which no integer loses digits: one that a number cannot hold exactly is a bigint, on both sides. Texts and
 * values without any take the way of JSON.parse and JSON.stringify alone.
 */

/** Number of digits in a row that may exceed a number: its limit, 2^53, has 16. */
const LONG_NUMBER = /\d{16}/;
const INTEGER = /^-?\d+$/;
/** Strings (with the colon after a member's name) and numbers. */
const TOKEN = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

/** The value of a JSON text. Throws a `SyntaxError` for anything else. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!LONG_NUMBER.test(text)) return value;
  // Strings are marked as well, so that none can be taken for a number.
  const marked = text.replace(TOKEN, (token: string, string: string | undefined, colon: string | undefined) => {
    if (string !== undefined) return colon === undefined ? `"s${string.slice(1)}` : token;
    return INTEGER.test(token) && !Number.isSafeInteger(Number(token)) ? `"n${token}"` : token;
  });
  return JSON.parse(marked, (_name, member: unknown) => {
    if (typeof member !== 'string') return member;
    return member.startsWith('n') ? BigInt(member.slice(1)) : member.slice(1);
  });
}

/**
 * The JSON text of a value, without spaces.
 * @throws ValueFormatError for what JSON cannot express: undefined, functions, symbols, circular structures, and all that
 * FMT_JSON refuses.
 */
export function stringifyJson(value: unknown): string {
  const text = stringify(value);
  if (text === undefined) throw new ValueFormatError(`a value of type ${typeof value} cannot be written as JSON`);
  checkNothingLost(value, text);
  return text;
}

function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (refusal) {
    try {
      // Bigints are what it refuses, and what there is a way for.
      if (refusal instanceof TypeError) return stringifyMarked(value);
      throw refusal;
    } catch (cause) {
      throw new ValueFormatError(`the value cannot be written as JSON: ${(cause as Error).message}`, { cause });
    }
  }
}

function stringifyMarked(value: unknown): string | undefined {
  const marked = JSON.stringify(value, (_name, member: unknown) => {
    if (typeof member === 'bigint') return `n${member}`;
    return typeof member === 'string' ? `s${member}` : member;
  }) as string | undefined;
  return marked?.replace(TOKEN, (token: string, string: string | undefined, colon: string | undefined) => {
    if (string === undefined || colon !== undefined) return token;
    return string.startsWith('"n') ? string.slice(2, -1) : `"${string.slice(2)}`;
  });
}

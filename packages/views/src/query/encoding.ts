import { ArgumentError } from '@cb/raw';
import { describe } from '@cb/raw/internal';

/** Percent-encodes everything but the unreserved characters of RFC 3986: letters, digits and `-._~`. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * Returns the JSON text of an option.
 * @throws ArgumentError for a value that JSON cannot express: `JSON.stringify` alone would write `null` for some, and
 * the query would ask for something else.
 */
export function jsonText(value: unknown, name: string): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value, (_key, member: unknown) => checkMember(member));
  } catch (cause) {
    throw new ArgumentError(`${name} cannot be written as JSON: ${(cause as Error).message}`, { cause });
  }
  if (text === undefined) throw new ArgumentError(`${name} cannot be written as JSON: it is ${describe(value)}`);
  return text;
}

function checkMember(member: unknown): unknown {
  if (typeof member === 'number' && !Number.isFinite(member)) throw new TypeError(`it contains ${member}`);
  if (Array.isArray(member)) {
    const odd = member.findIndex(
      (each) => each === undefined || typeof each === 'function' || typeof each === 'symbol',
    );
    if (odd !== -1) throw new TypeError(`element ${odd} of an array is ${describe(member[odd])}`);
  }
  return member;
}

/**
 * The mapping of single characters between cases: one character to one, which JavaScript's own methods for whole strings are
 * not ("ß" to "SS", the final sigma, "İ" to two characters).
 */

/** Small letters whose capital is one character although JavaScript writes two. Their capitals are 8 or 9 places behind. */
const GREEK_WITH_IOTA = /^[\u1f80-\u1f87\u1f90-\u1f97\u1fa0-\u1fa7]$/;
const GREEK_VOWEL_WITH_IOTA = /^[\u1fb3\u1fc3\u1ff3]$/;
/** Letters of two signs, and how they begin a word. */
const DIGRAPHS: ReadonlyMap<string, string> = new Map([
  ['\u01c4', '\u01c5'],
  ['\u01c5', '\u01c5'],
  ['\u01c6', '\u01c5'],
  ['\u01c7', '\u01c8'],
  ['\u01c8', '\u01c8'],
  ['\u01c9', '\u01c8'],
  ['\u01ca', '\u01cb'],
  ['\u01cb', '\u01cb'],
  ['\u01cc', '\u01cb'],
  ['\u01f1', '\u01f2'],
  ['\u01f2', '\u01f2'],
  ['\u01f3', '\u01f2'],
]);
const ASCII = /^[\0-\x7f]*$/;
const GEORGIAN = /^[\u10d0-\u10ff]$/;

export function upperCase(text: string): string {
  return ASCII.test(text) ? text.toUpperCase() : mapped(text, capitalOf);
}

export function lowerCase(text: string): string {
  return ASCII.test(text) ? text.toLowerCase() : mapped(text, smallOf);
}

/** Writes every letter that begins a word as a capital, and leaves the others as they are. */
export function initialCapitals(text: string): string {
  if (ASCII.test(text)) return text.replace(/\w+/g, (word) => capitalOf(word[0] as string) + word.slice(1));
  let result = '';
  let inWord = false;
  for (const character of text) {
    result += inWord ? character : initialOf(character);
    inWord = isOfWord(character);
  }
  return result;
}

function mapped(text: string, map: (character: string) => string): string {
  let result = '';
  for (const character of text) result += map(character);
  return result;
}

function capitalOf(character: string): string {
  if (GREEK_WITH_IOTA.test(character)) return String.fromCharCode(character.charCodeAt(0) + 8);
  if (GREEK_VOWEL_WITH_IOTA.test(character)) return String.fromCharCode(character.charCodeAt(0) + 9);
  const capital = character.toUpperCase();
  return isOneCharacter(capital) ? capital : character;
}

function smallOf(character: string): string {
  const small = character.toLowerCase();
  return isOneCharacter(small) ? small : (small[0] as string);
}

function initialOf(character: string): string {
  return DIGRAPHS.get(character) ?? (GEORGIAN.test(character) ? character : capitalOf(character));
}

function isOneCharacter(text: string): boolean {
  return text.length === 1 || (text.length === 2 && (text.codePointAt(0) as number) > 0xffff);
}

/** Of a word are letters, digits, "_", and signs beyond ASCII other than spaces. */
function isOfWord(character: string): boolean {
  return /[\p{L}\p{Nd}_]/u.test(character) || (character.charCodeAt(0) > 0x7f && !/\p{White_Space}/u.test(character));
}

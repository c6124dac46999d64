/** Characters that take two columns of a terminal: those of East Asian scripts, full-width forms, and emoji. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;
/** Characters that take none: they belong to the one before. */
const NARROW = /\p{Mark}|[\u200b-\u200f\u2060]/u;
const PLAIN = /^[\x20-\x7e]*$/;
/** Characters that would move the cursor, or do other things to the terminal. */
const CONTROLS = /[\p{Cc}\u2028\u2029]/gu;
const CONTROL_NAMES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Returns how many columns of a terminal a text takes. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** Returns a text of at most `width` columns; one that is cut ends with an ellipsis. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let cut = '';
  let left = width - 1;
  for (const character of text) {
    left -= characterWidth(character);
    if (left < 0) break;
    cut += character;
  }
  return `${cut}…`;
}

/** Returns a text in one line, with its control characters written out. */
export function visibleText(text: string): string {
  return text.replace(
    CONTROLS,
    (control) => CONTROL_NAMES[control] ?? `\\u${control.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}

function characterWidth(character: string): number {
  if (NARROW.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

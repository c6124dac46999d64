/** How bytes begin that an attribute holds as a JSON string, in base64. Source: kv_engine utilities/string_utilities.cc. */
const MARK = 'cb-content-base64-encoded:';
const QUOTE = 0x22;

/** The JSON string that is stored for these bytes. */
export function encodeBinaryValue(bytes: Buffer): Buffer {
  return Buffer.from(`"${MARK}${bytes.toString('base64')}"`, 'latin1');
}

/** The bytes for which this JSON text stands; undefined when it stands for none. */
export function decodeBinaryValue(text: Buffer): Buffer | undefined {
  const isString = text.length > 1 && text[0] === QUOTE && text[text.length - 1] === QUOTE;
  const inner = isString ? text.toString('latin1', 1, text.length - 1) : '';
  return inner.startsWith(MARK) ? fromBase64(inner.slice(MARK.length)) : undefined;
}

/** Whether a value that is sent claims to hold bytes, and what follows the claim is not base64. */
export function isBadlyEncoded(value: Buffer): boolean {
  const start = value.indexOf(MARK);
  if (start < 0) return false;
  const end = start === 0 ? value.length : value.indexOf(QUOTE, start);
  return end < 0 || fromBase64(value.toString('latin1', start + MARK.length, end)) === undefined;
}

/** Undefined for what has characters, or lacks padding, that node would forgive. */
function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

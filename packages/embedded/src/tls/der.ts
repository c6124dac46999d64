/*
 * The distinguished encoding rules, as far as certificates need them: each value is tag, length, content.
 * Source: ITU-T X.690.
 */

/** The tags of the types that there is no function for. */
export const DerTag = {
  Boolean: 0x01,
  BitString: 0x03,
  OctetString: 0x04,
  Utf8String: 0x0c,
  UtcTime: 0x17,
  GeneralizedTime: 0x18,
  Sequence: 0x30,
  Set: 0x31,
} as const;

/** One value; constructed ones are given the values that they consist of. */
export function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.of(tag), derLength(length), ...content]);
}

export function derSequence(...values: readonly Buffer[]): Buffer {
  return der(DerTag.Sequence, ...values);
}

/** A value within `[tag]`, for which nothing but the context says what it is. */
export function derContext(tag: number, isConstructed: boolean, content: Buffer): Buffer {
  return der(0x80 | (isConstructed ? 0x20 : 0) | tag, content);
}

/** A number that is not negative, as big-endian bytes. */
export function derInteger(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? Buffer.of(0) : bytes.subarray(start);
  // A first bit that is set would make it negative.
  return der(0x02, Buffer.alloc(digits[0]! >> 7), digits);
}

/** An object identifier as people write it: `2.5.4.3`. */
export function derOid(text: string): Buffer {
  const [first, second, ...rest] = text.split('.').map(Number);
  return der(0x06, Buffer.from([40 * first! + second!, ...rest.flatMap(base128)]));
}

/** A bit string of whole bytes. */
export function derBits(bytes: Buffer): Buffer {
  return der(DerTag.BitString, Buffer.of(0), bytes);
}

/** Up to the second, in the form that the year calls for (RFC 5280, section 4.1.2.5). */
export function derTime(date: Date): Buffer {
  const text = `${date.toISOString().slice(0, 19).replace(/\D/g, '')}Z`;
  return date.getUTCFullYear() < 2050
    ? der(DerTag.UtcTime, Buffer.from(text.slice(2)))
    : der(DerTag.GeneralizedTime, Buffer.from(text));
}

/** Short, or the number of bytes that follow and then those. */
function derLength(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest & 0xff);
  return Buffer.of(0x80 | bytes.length, ...bytes);
}

/** Seven bits to a byte, all but the last with the eighth bit set. */
function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift(0x80 | (rest & 0x7f));
  return bytes;
}

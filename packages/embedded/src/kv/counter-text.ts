/** What comes before the number, the number with its sign, and the byte behind it. White space is C's. */
const NUMBER = /^[\t-\r ]*([+-]?)(\d+)(.?)/s;
const SPACE = /^[\t-\r ]/;
const U64_MAX = 0xffff_ffff_ffff_ffffn;
const I64_MAX = 0x7fff_ffff_ffff_ffffn;

/**
 * The number that a server takes a counter's text for, which is what C's `strtoull` makes of its beginning: white space and
 * a sign may stand before the digits, and anything behind them after white space or a zero byte. White space at the
 * beginning and no number is 0, and a minus sign counts modulo 2^64. Undefined where the server refuses the text.
 * Source: `safe_strtoull` of the server's platform library, as memcached has it.
 */
export function readCounter(body: Buffer): bigint | undefined {
  const text = body.toString('latin1');
  const zero = text.indexOf('\0');
  const string = zero < 0 ? text : text.slice(0, zero);
  const [, sign, digits, next] = NUMBER.exec(string) ?? [];
  // Without a number, nothing was read, and what follows is the beginning of the text.
  if (digits === undefined) return SPACE.test(string) ? 0n : undefined;
  const magnitude = BigInt(digits);
  if (magnitude > U64_MAX || !(next === '' || SPACE.test(next!))) return undefined;
  const value = sign === '-' ? BigInt.asUintN(64, -magnitude) : magnitude;
  // What would be negative as a signed number is refused where there is a minus sign anywhere.
  return value > I64_MAX && string.includes('-') ? undefined : value;
}

/** Digits that the server's own reduce functions keep. */
const DIGITS = 15;

/**
 * A number as the server's own reduce functions write it: like `%.15g` in C, with 15 digits, no zeros at the end, and
 * an exponent of at least two digits below 0.0001 and from 10^15 on. A value that is not a number in JSON is null.
 * Source: couchstore, view_reducers.
 */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  const [mantissa, exponentText] = value.toExponential(DIGITS - 1).split('e') as [string, string];
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < DIGITS) return withoutZeros(value.toPrecision(DIGITS));
  const size = String(Math.abs(exponent)).padStart(2, '0');
  return `${withoutZeros(mantissa)}e${exponent < 0 ? '-' : '+'}${size}`;
}

function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

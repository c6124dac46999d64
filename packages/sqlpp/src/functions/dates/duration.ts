const UNITS_NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

const PIECE = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;

/** Reads a duration like `1h1m1.5s` in nanoseconds. A number alone is in seconds. */
export function readDuration(text: string): number | undefined {
  if (/^[+-]?\d+(?:\.\d+)?$/.test(text)) return Math.trunc(Number(text) * 1e9);
  const sign = text.startsWith('-') ? -1 : 1;
  let at = /^[+-]/.test(text) ? 1 : 0;
  if (at === text.length) return undefined;
  let total = 0;
  while (at < text.length) {
    PIECE.lastIndex = at;
    const found = PIECE.exec(text);
    if (found === null) return undefined;
    total += Number(found[1]) * (UNITS_NS[found[2] as string] as number);
    at += found[0].length;
  }
  return sign * Math.trunc(total);
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** Prints nanoseconds as a duration: `1h1m1.5s`, or with one smaller unit below a second. */
export function durationText(nanos: number | bigint): string {
  const whole = toInt64(nanos);
  const magnitude = whole < 0n ? -whole : whole;
  const sign = whole < 0n ? '-' : '';
  if (magnitude === 0n) return '0s';
  if (magnitude < 1000n) return `${sign}${magnitude}ns`;
  if (magnitude < 1_000_000n) return `${sign}${decimal(magnitude, 3)}µs`;
  if (magnitude < 1_000_000_000n) return `${sign}${decimal(magnitude, 6)}ms`;
  const minutes = magnitude / 60_000_000_000n;
  const seconds = decimal(magnitude % 60_000_000_000n, 9);
  const hours = minutes / 60n;
  const shown = hours > 0n ? `${hours}h${minutes % 60n}m` : minutes > 0n ? `${minutes}m` : '';
  return `${sign}${shown}${seconds}s`;
}

/** Takes a number for a double. What does not fit in 64 bits is their least number. */
function toInt64(value: number | bigint): bigint {
  const number = Number(value);
  if (!Number.isFinite(number)) return INT64_MIN;
  const whole = BigInt(Math.trunc(number));
  return whole > INT64_MAX || whole < INT64_MIN ? INT64_MIN : whole;
}

function decimal(value: bigint, places: number): string {
  const digits = String(value).padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  const whole = digits.slice(0, -places);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

import { badValue } from './query-fault.js';

const UNITS_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

const PIECE = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;

/** Reads a duration like `1h1m1.5s` in milliseconds. A number without a unit is in seconds. */
export function parseDurationMs(text: string): number {
  if (/^[+-]?\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  const sign = text.startsWith('-') ? -1 : 1;
  let at = /^[+-]/.test(text) ? 1 : 0;
  let total = 0;
  const fault = badValue('duration', `Unable to parse duration: ${text}`);
  if (at === text.length) throw fault;
  while (at < text.length) {
    PIECE.lastIndex = at;
    const found = PIECE.exec(text);
    if (found === null) throw fault;
    total += Number(found[1]) * (UNITS_MS[found[2] as string] as number);
    at += found[0].length;
  }
  return sign * total;
}

/** Prints milliseconds as the service does: `1.234567ms`, `455.69µs`, `1m2.5s`. */
export function durationText(ms: number): string {
  const micros = ms * 1000;
  if (micros < 1000) return `${trimmed(micros, 3)}µs`;
  if (ms < 1000) return `${trimmed(ms, 6)}ms`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = `${trimmed((ms - minutes * 60_000) / 1000, 9)}s`;
  const hours = Math.floor(minutes / 60);
  return `${hours > 0 ? `${hours}h${minutes % 60}m` : minutes > 0 ? `${minutes}m` : ''}${seconds}`;
}

function trimmed(value: number, places: number): string {
  return value.toFixed(places).replace(/\.?0+$/, '') || '0';
}

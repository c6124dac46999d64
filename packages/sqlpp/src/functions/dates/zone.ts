import { dayOf } from './civil.js';

const SECONDS_PER_DAY = 86_400;
/** From then on zones follow rules that repeat with the calendar; before the first, local mean time. */
const FIRST_TRANSITION_S = -5_364_662_400;
const REPEATING_FROM_S = 4_102_444_800;
const CALENDAR_CYCLE_S = 146_097 * SECONDS_PER_DAY;

/** A time zone. */
export interface Zone {
  /** Name, or undefined for a fixed offset that was read from a date. */
  readonly name?: string;
  /** Seconds to add to UTC at a time in seconds since 1970. */
  offsetAt(seconds: number): number;
}

export const UTC: Zone = { name: 'UTC', offsetAt: () => 0 };

export function fixedZone(offset: number): Zone {
  return offset === 0 ? UTC : { offsetAt: () => offset };
}

const OFFSET = /^([+-])(\d{2}):?(\d{2})$/;
const zones = new Map<string, Zone | undefined>();

/** Finds a zone by its IANA name, whose case counts, or by an offset like `+05:30`; `Local` is `local`. */
export function findZone(name: string, local: string): Zone | undefined {
  if (name === '' || name === 'UTC') return UTC;
  if (name === 'Local') return findZone(local, 'UTC');
  const known = zones.get(name);
  if (known !== undefined || zones.has(name)) return known;
  const zone = makeZone(name);
  if (zones.size < ZONES_MAX) zones.set(name, zone);
  return zone;
}

/** Maximum number of zones that are remembered. */
const ZONES_MAX = 1000;

function makeZone(name: string): Zone | undefined {
  const offset = OFFSET.exec(name);
  if (offset !== null) {
    const seconds = Number(offset[2]) * 3600 + Number(offset[3]) * 60;
    return fixedZone(offset[1] === '-' ? -seconds : seconds);
  }
  // Intl takes any case; names in lower case only are not names of zones.
  if (!/^[A-Z]/.test(name)) return undefined;
  try {
    return namedZone(name);
  } catch {
    return undefined;
  }
}

function namedZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  let cachedAt = Number.NaN;
  let cached = 0;
  return {
    name,
    offsetAt: (seconds) => {
      const at = Math.max(FIRST_TRANSITION_S, inCycle(Math.floor(seconds)));
      if (at === cachedAt) return cached;
      cached = localSeconds(format, at) - at;
      cachedAt = at;
      return cached;
    },
  };
}

/** Takes a time beyond the tables of zones back by whole cycles of the calendar. */
function inCycle(seconds: number): number {
  if (seconds < REPEATING_FROM_S) return seconds;
  return REPEATING_FROM_S + ((seconds - REPEATING_FROM_S) % CALENDAR_CYCLE_S);
}

function localSeconds(format: Intl.DateTimeFormat, seconds: number): number {
  const fields: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(seconds * 1000)) fields[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = fields;
  return dayOf(year, month, day) * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second;
}

/** Returns the time in seconds since 1970 of a local time, given as the seconds that it would be in UTC. */
export function fromLocal(local: number, zone: Zone): number {
  const guess = local - zone.offsetAt(local);
  const offset = zone.offsetAt(guess);
  const better = local - offset;
  return zone.offsetAt(better) === offset ? better : guess;
}

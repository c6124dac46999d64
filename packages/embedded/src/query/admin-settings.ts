import type { ObjectValue } from '@cb/sqlpp';
import { HttpRefusal } from '../http/http-call.js';
import type { LogSettings } from './request-log.js';

/** Settings that are as on a server that was told nothing, and stay so. */
const FIXED = {
  'auto-prepare': false,
  controls: false,
  'n1ql-feat-ctrl': 76,
  'prepared-limit': 16_384,
  pretty: false,
  profile: 'off',
  timeout: 0,
  'use-cbo': true,
} as const;

const THRESHOLD = 'completed-threshold';
const LIMIT = 'completed-limit';

const CODE_UNKNOWN = 2031;
const CODE_TYPE = 2032;

/** Returns the settings of the service. */
export function adminSettings({ thresholdMs, entriesMax }: LogSettings): ObjectValue {
  return { ...FIXED, [LIMIT]: entriesMax, [THRESHOLD]: thresholdMs };
}

/**
 * Returns the settings with a change, which is JSON.
 *
 * @throws HttpRefusal 400 for a setting that is unknown, cannot be changed, or is not an integer
 */
export function changeSettings(settings: LogSettings, json: string): LogSettings {
  const change = new Map(Object.entries(parsed(json)));
  for (const [name, value] of change) {
    if (name !== THRESHOLD && name !== LIMIT) {
      throw Object.hasOwn(FIXED, name)
        ? refusal(CODE_TYPE, badValue(name, value))
        : refusal(CODE_UNKNOWN, `Unknown setting: ${name}`);
    }
    if (!Number.isSafeInteger(value) || (name === LIMIT && Number(value) < 0)) {
      throw refusal(CODE_TYPE, badValue(name, value));
    }
  }
  const { thresholdMs, entriesMax } = settings;
  return {
    thresholdMs: Number(change.get(THRESHOLD) ?? thresholdMs),
    entriesMax: Number(change.get(LIMIT) ?? entriesMax),
  };
}

function parsed(json: string): object {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw refusal(CODE_TYPE, 'the settings must be an object in JSON');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw refusal(CODE_TYPE, 'the settings must be an object in JSON');
}

function badValue(name: string, value: unknown): string {
  return `Incorrect value '${JSON.stringify(value)}' for setting: ${name}`;
}

function refusal(code: number, msg: string): HttpRefusal {
  return new HttpRefusal(400, { errors: [{ code, msg }] });
}

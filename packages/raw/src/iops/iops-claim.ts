import { ArgumentError } from '@cb/protocol';
import type { IOPS } from './iops.js';

const METHODS = [
  'updateEvent',
  'updateTimer',
  'startWatching',
  'stopWatching',
  'openSocket',
  'now',
  'randomBytes',
] as const satisfies readonly (keyof IOPS)[];

const OPTIONAL_METHODS = [
  'ioEventFactory',
  'timerEventFactory',
  'resolveSrv',
  'checkTls',
  'deriveKey',
] as const satisfies readonly (keyof IOPS)[];

/** Those that belong to a bucket that is not closed. */
const claimed = new WeakSet<IOPS>();

/** @throws ArgumentError naming the methods that an IOPS lacks. */
export function checkIops(value: unknown): IOPS {
  if (typeof value !== 'object' || value === null)
    throw new ArgumentError('iops must be an object with the methods of IOPS');
  const given = value as Readonly<Record<string, unknown>>;
  const missing = METHODS.filter((name) => typeof given[name] !== 'function');
  if (missing.length > 0) throw new ArgumentError(`iops must have the method ${missing.join(', and the method ')}`);
  const wrong = OPTIONAL_METHODS.filter((name) => given[name] !== undefined && typeof given[name] !== 'function');
  if (wrong.length > 0) throw new ArgumentError(`iops.${wrong[0]} must be a method, or absent`);
  return value as IOPS;
}

/**
 * Makes the IOPS the property of one bucket, until it is released.
 * @throws ArgumentError when it is another bucket's.
 */
export function claimIops(iops: IOPS): void {
  if (claimed.has(iops))
    throw new ArgumentError('iops is in use by another bucket, until that is closed: each needs one of its own');
  claimed.add(iops);
}

export function releaseIops(iops: IOPS): void {
  claimed.delete(iops);
}

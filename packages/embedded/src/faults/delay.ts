import { ArgumentError } from '@cb/protocol';
import { checkFields } from '../base/check-options.js';
import type { Random } from '../base/random.js';

/** Milliseconds: always the same, anything between two limits, or most often short and sometimes very long. */
export type Delay =
  | number
  | { readonly uniform: readonly [minMs: number, maxMs: number] }
  | {
      /** Half of all delays are below the median; a `sigma` of 1 makes one in a hundred ten times as long. */
      readonly lognormal: { readonly medianMs: number; readonly sigma: number };
    };

/** @throws ArgumentError for an invalid delay. */
export function checkDelay(delay: Delay): void {
  if (typeof delay === 'number') {
    checkMs(delay, 'delay');
    return;
  }
  checkFields(delay, ['uniform', 'lognormal'], 'delay');
  if (Object.keys(delay).length !== 1) throw new ArgumentError('delay must have one of uniform and lognormal');
  if ('uniform' in delay) {
    const [min, max] = delay.uniform;
    checkMs(min, 'delay.uniform[0]');
    checkMs(max, 'delay.uniform[1]');
    if (min > max) throw new ArgumentError(`delay.uniform must be in order, not ${min} to ${max}`);
  } else {
    checkFields(delay.lognormal, ['medianMs', 'sigma'], 'delay.lognormal');
    checkMs(delay.lognormal.medianMs, 'delay.lognormal.medianMs');
    checkMs(delay.lognormal.sigma, 'delay.lognormal.sigma');
  }
}

/** The next delay in milliseconds. */
export function drawDelay(delay: Delay, random: Random): number {
  if (typeof delay === 'number') return delay;
  if ('uniform' in delay) {
    const [min, max] = delay.uniform;
    return min + fraction(random) * (max - min);
  }
  // Box and Muller's way from two even draws to a normal one.
  const radius = Math.sqrt(-2 * Math.log(1 - fraction(random)));
  const normal = radius * Math.cos(2 * Math.PI * fraction(random));
  const { medianMs, sigma } = delay.lognormal;
  return medianMs * Math.exp(sigma * normal);
}

/** From 0 up to 1. */
export function fraction(random: Random): number {
  return random.u32() / 0x1_0000_0000;
}

function checkMs(value: unknown, name: string): void {
  if (typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY) return;
  throw new ArgumentError(`${name} must be a finite number from 0, not ${String(value)}`);
}

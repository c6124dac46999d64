import { ArgumentError } from '@cb/protocol';
import { describe } from '../values/argument-checks.js';

/** Copies that a mutation must have reached, as numbers of nodes. */
export interface Endurance {
  readonly persistTo: number;
  readonly replicateTo: number;
}

/** The demands with -1 as the number it stands for. */
export function checkEndurance({ persistTo, replicateTo }: Endurance, replicas: number): Endurance {
  return {
    persistTo: demand('persistTo', persistTo, replicas + 1, replicas),
    replicateTo: demand('replicateTo', replicateTo, replicas, replicas),
  };
}

function demand(name: string, value: unknown, max: number, replicas: number): number {
  if (value === -1) return max;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new ArgumentError(
    `${name} must be -1 or from 0 to ${max}, as the bucket has ${replicas} replicas, not ${describe(value)}`,
  );
}

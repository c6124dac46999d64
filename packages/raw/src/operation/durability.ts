import { ArgumentError, DurabilityLevel } from '@cb/protocol';
import { checkBoolean, describe } from '../values/argument-checks.js';
import type { OperationContext } from './context.js';
import { checkEndurance } from './endurance.js';
import type { Operation } from './operation.js';
import type { OperationOptions } from './options.js';

/** Levels of synchronous durability, by the names that the official SDKs use. */
const LEVELS = {
  majority: DurabilityLevel.Majority,
  majorityAndPersistToActive: DurabilityLevel.MajorityAndPersistToActive,
  persistToMajority: DurabilityLevel.PersistToMajority,
} as const;

/** A level of synchronous durability, by the name that the official SDKs use. */
export type Durability = keyof typeof LEVELS;

/** How safe a mutation must be before it counts as done. The two ways exclude each other. */
export interface DurabilityOptions extends OperationOptions {
  /**
   * The server completes the mutation only when this many copies have it, and no client sees it before (kv_engine
   * docs/BinaryProtocol.md, "Durability"; Server 6.5 or newer). The default timeout is 10 seconds then.
   */
  readonly durability?: Durability | undefined;
  /**
   * Waits, after the mutation, until this many nodes have persisted it: 0 (the default) to replicas + 1, -1 for all of
   * them.
   */
  readonly persistTo?: number | undefined;
  /**
   * Waits, after the mutation, until this many replicas have it: 0 (the default) to the number of replicas, -1 for all
   * of them.
   */
  readonly replicateTo?: number | undefined;
}

/** What a mutation does with the expiry of an existing document. */
export interface PreserveExpiryOptions {
  /** Whether an existing document keeps its expiry; `ttl` then applies to a new one only. Default false. */
  readonly preserveExpiry?: boolean | undefined;
}

export const DURABILITY_OPTIONS = ['durability', 'persistTo', 'replicateTo'] as const;

/**
 * Puts what the options demand on the operation.
 * @throws ArgumentError for a demand that the bucket can never meet.
 */
export function setDurability(operation: Operation, context: OperationContext, options: DurabilityOptions): void {
  const { durability, persistTo = 0, replicateTo = 0 } = options;
  const endurance = checkEndurance({ persistTo, replicateTo }, context.replicas);
  if (endurance.persistTo !== 0 || endurance.replicateTo !== 0) operation.endurance = endurance;
  if (durability === undefined) return;
  if (operation.endurance !== undefined) {
    throw new ArgumentError('durability does not go together with persistTo and replicateTo');
  }
  if (!Object.hasOwn(LEVELS, durability)) {
    throw new ArgumentError(`durability must be one of ${Object.keys(LEVELS).join(', ')}, not ${describe(durability)}`);
  }
  operation.durabilityLevel = LEVELS[durability];
  if (options.timeout === undefined) operation.timeoutMs = context.durableTimeoutMs;
}

export function setPreserveExpiry(operation: Operation, preserveExpiry: boolean | undefined): void {
  if (preserveExpiry !== undefined) operation.preserveExpiry = checkBoolean(preserveExpiry, 'preserveExpiry');
}

import { FeatureNotAvailableError } from '@cb/protocol';

let enabled = false;

/**
 * Allows the process to use what is marked `@experimental`: it works, and it may change in any version. Nothing else
 * depends on this.
 */
export function enableExperimental(): void {
  enabled = true;
}

/** Throws `FeatureNotAvailableError` unless experimental features were enabled. */
export function checkExperimental(feature: string): void {
  if (enabled) return;
  throw new FeatureNotAvailableError(`${feature} is experimental: call enableExperimental() before you use it`);
}

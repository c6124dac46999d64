import { type Performance, performance } from 'node:perf_hooks';

const { now = performance.now } = Object.getPrototypeOf(performance) as Partial<Performance>;

/**
 * Milliseconds since some moment, with fractions; they never go back. It is Node's own: test runners replace it at the
 * object with one that stands still, not where Node inherits it from.
 */
export const monotonicMs: () => number = now.bind(performance);

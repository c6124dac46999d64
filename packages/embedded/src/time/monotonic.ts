import { type Performance, performance } from 'node:perf_hooks';

const { now = performance.now } = Object.getPrototypeOf(performance) as Partial<Performance>;

/**
 * Milliseconds since the process began, with fractions. It is Node's own: test runners replace it at the object with one
 * that stands still, not where Node inherits it from (Bun does not).
 */
export const monotonicMs: () => number = now.bind(performance);

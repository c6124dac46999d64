import { type Performance, performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers';

/*
 * Node's own, whatever the global object has: test runners put clocks in its place that stand still, and browsers'
 * environments others that are not Node's. Timers come from `node:timers` for the same reason.
 */

const { nextTick: ticks } = process.getBuiltinModule('node:process');

/** Does something when what is running now has ended. */
export const nextTick: <T>(action: (argument: T) => void, argument: T) => void =
  // There is no other way to the ticks that fake timers have taken, which they mark so: then it is the next turn.
  'clock' in ticks ? (action, argument) => void setImmediate(action, argument) : ticks;

const { now = performance.now } = Object.getPrototypeOf(performance) as Partial<Performance>;

/** Milliseconds that only go forward. Test runners replace it at the object, not where Node inherits it from (Bun does not). */
export const monotonicMs: () => number = now.bind(performance);

const settled = Promise.resolve();

/** Does something when what is running now has ended, with the promises that go on then. It must not throw. */
export function soon(action: () => void): void {
  void settled.then(action);
}

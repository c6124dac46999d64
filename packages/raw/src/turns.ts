/**
 * Node's own, whatever the global object has: test runners put clocks in its place that stand still, and browsers'
 * environments others that are not Node's. Timers come from `node:timers` for the same reason.
 */
export const { nextTick } = process.getBuiltinModule('node:process');

const settled = Promise.resolve();

/** Does something when what is running now has ended, before anything is received. It must not throw. */
export function soon(action: () => void): void {
  void settled.then(action);
}

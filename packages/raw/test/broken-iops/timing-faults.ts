import { EventAction } from '../../src/iops/constants.js';
import type { TimerEvent } from '../../src/iops/event.js';
import type { IOPS } from '../../src/iops/iops.js';
import { NodeIOPS } from '../../src/iops/node-iops.js';
import type { BrokenIOPS } from './broken-iops.js';

/** Has timers of another kind. */
class TimerIOPS extends NodeIOPS {
  constructor(update: (timer: TimerEvent, action: EventAction, usecs: number) => void) {
    super();
    this.updateTimer = update;
  }
}

function changed(change: (iops: IOPS) => void): NodeIOPS {
  const iops = new NodeIOPS();
  change(iops);
  return iops;
}

/** Faults of timers, clock and random bytes. */
export const timingFaults: readonly BrokenIOPS[] = [
  {
    fault: 'fires inside updateTimer',
    caught: 'a timer without delay does not fire inside updateTimer',
    says: 'inside updateTimer',
    make: () => new TimerIOPS((timer) => timer.ready(0)),
  },
  {
    fault: 'fires timers early',
    caught: 'a timer fires once, not before its time',
    says: 'too early',
    make: () => new TimerIOPS((timer, _action, usecs) => setTimeout(() => timer.ready(0), usecs / 10_000)),
  },
  {
    fault: 'repeats timers',
    caught: 'a timer fires once, not before its time',
    says: 'while it was not armed',
    make: () => {
      const repeating = new Map<TimerEvent, NodeJS.Timeout>();
      return new TimerIOPS((timer, action, usecs) => {
        clearInterval(repeating.get(timer));
        if (action === EventAction.Watch)
          repeating.set(
            timer,
            setInterval(() => timer.ready(0), usecs / 1000),
          );
      });
    },
  },
  {
    fault: 'lets timers without delay go before sockets',
    caught: 'bytes go before a timer without delay, however late the timer is that armed it',
    says: 'before bytes were delivered',
    make: () =>
      new TimerIOPS((timer, action, usecs) => {
        if (action !== EventAction.Watch) return;
        if (usecs === 0) process.nextTick(() => timer.ready(0));
        else setTimeout(() => timer.ready(0), usecs / 1000);
      }),
  },
  {
    fault: 'adds up timers',
    caught: 'arming again replaces the delay',
    says: 'too early',
    make: () =>
      new TimerIOPS((timer, action, usecs) => {
        if (action === EventAction.Watch) setTimeout(() => timer.ready(0), Math.min(usecs / 1000, 1000)).unref();
      }),
  },
  {
    fault: 'cannot call timers off',
    caught: 'a timer can call off another that is due at the same time',
    says: 'while it was not armed',
    make: () => {
      const iops = new NodeIOPS();
      return new TimerIOPS((timer, action, usecs) => {
        if (action === EventAction.Watch) iops.updateTimer(timer, action, usecs);
      });
    },
  },
  {
    fault: 'has a clock that stands',
    caught: 'now goes forward, in microseconds',
    says: 'went forward by 0',
    make: () => changed((iops) => Object.assign(iops, { now: () => 1 })),
  },
  {
    fault: 'has a clock in milliseconds',
    caught: 'now goes forward, in microseconds',
    says: 'in 20 ms',
    make: () => changed((iops) => Object.assign(iops, { now: () => performance.now() })),
  },
  {
    fault: 'has no randomness',
    caught: 'randomBytes answers as many bytes as asked for',
    says: 'the same bytes twice',
    make: () => changed((iops) => Object.assign(iops, { randomBytes: (count: number) => Buffer.alloc(count) })),
  },
];

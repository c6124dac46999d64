import { EventAction, type TimerEvent } from '@cb/raw';
import { Connection } from '@cb/raw/connection/connection';
import { Router } from '@cb/raw/routing/router';
import { SimulatedIOPS } from '@cb/raw/simulation';
import { BUSY_KINDS } from './busy-loops.js';
import { both, type Mutant, replacing } from './mutant.js';

const LATE_USECS = 50_000;
const RETRY_USECS = 1000;

/** The time that it is, which the core is not told: it is told up to when everything was read. */
let now = 0;

const watchesTime = replacing([], 'watches time', SimulatedIOPS.prototype, 'now', (original) => {
  return function (this: SimulatedIOPS) {
    now = original.call(this);
    return now;
  };
});

/** Clients that are wrong about time while their event loop is busy. */
export const lateMutants: readonly Mutant[] = [
  {
    ...replacing(
      ['settling', 'recovery'],
      'puts off what is due for as long as its loop is late',
      SimulatedIOPS.prototype,
      'updateTimer',
      (original) => {
        return function updateTimer(this: SimulatedIOPS, timer: TimerEvent, action: EventAction, usecs: number) {
          const due = this.now() + usecs;
          timer.ready = (flags) => {
            if (this.now() - due > LATE_USECS) updateTimer.call(this, timer, EventAction.Watch, RETRY_USECS);
            else Object.getPrototypeOf(timer).ready.call(timer, flags);
          };
          original.call(this, timer, action, usecs);
        };
      },
    ),
    kinds: BUSY_KINDS,
  },
  {
    ...both(
      ['received'],
      'ends what is overdue after the first read',
      watchesTime,
      replacing([], '', Connection.prototype, 'onReady', (original) => {
        return function (this: Connection, flags) {
          original.call(this, flags);
          if (this.state === 'ready') this.sweep(now);
        };
      }),
    ),
    kinds: ['slow', ...BUSY_KINDS],
  },
  {
    ...both(
      ['received'],
      'ends what became overdue after the sockets were read',
      watchesTime,
      replacing([], '', Router.prototype, 'tick', (original) => {
        return function (this: Router) {
          original.call(this, now);
        };
      }),
    ),
    kinds: ['slow', ...BUSY_KINDS],
  },
  {
    ...replacing(['settling'], 'leaves deadlines where they were after a hold-up', Router.prototype, 'extend', () => {
      return () => {};
    }),
    kinds: BUSY_KINDS,
  },
];

import { EventAction } from '../iops/constants.js';
import { type EventHandler, TimerEvent } from '../iops/event.js';
import type { Bench } from './bench.js';

/** What a timer may be early: clocks of event loops count whole milliseconds. */
const EARLY_USECS_MAX = 1000;

/** A timer used as the core uses it, with a record of when it fired. */
export class TimerProbe implements EventHandler {
  readonly event: TimerEvent;
  /** How often it fired. */
  fired = 0;
  /** Called each time, from inside the handler. */
  reaction: (() => void) | undefined = undefined;
  readonly #bench: Bench;
  #armed = false;
  #cleanedUp = false;
  #due = 0;

  constructor(bench: Bench) {
    this.#bench = bench;
    this.event = bench.iops.timerEventFactory?.() ?? new TimerEvent();
    this.event.handler = this;
  }

  arm(usecs: number): void {
    this.#armed = true;
    this.#due = this.#bench.iops.now() + usecs;
    this.#update(EventAction.Watch, usecs);
    this.event.state = 'active';
  }

  unwatch(): void {
    this.#armed = false;
    this.#update(EventAction.Unwatch, 0);
  }

  /** Ends the event; the core sets its state to `freed` afterwards. */
  cleanup(): void {
    if (this.#cleanedUp) return;
    this.#cleanedUp = true;
    this.#armed = false;
    this.#update(EventAction.Cleanup, 0);
    this.event.state = 'freed';
  }

  onReady(flags: number): void {
    this.#bench.delivery('a timer', () => {
      const armed = this.#armed;
      this.#armed = false;
      this.fired++;
      const early = this.#due - this.#bench.iops.now();
      if (!armed) this.#bench.breach('a timer fired while it was not armed');
      else if (early > EARLY_USECS_MAX) this.#bench.breach(`a timer fired ${early} microseconds too early`);
      if (flags !== 0) this.#bench.breach(`a timer fired with ${flags} instead of 0`);
      this.reaction?.();
    });
  }

  /** Waits until the timer fired `count` times in all. */
  async firing(count: number): Promise<void> {
    await this.#bench.until(() => this.fired >= count, `a timer fires ${count} times`);
  }

  #update(action: EventAction, usecs: number): void {
    this.#bench.call('updateTimer', () => this.#bench.iops.updateTimer(this.event, action, usecs));
  }
}

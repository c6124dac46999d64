import { check, conformanceCase } from './bench.js';
import type { ConformanceCase } from './harness.js';

const MS = 1000;
const HOUR = 3600 * 1000 * MS;

/** Timers, the clock, and random bytes. */
export const timingCases: readonly ConformanceCase[] = [
  conformanceCase('a timer without delay does not fire inside updateTimer', async (bench) => {
    const timer = bench.timer();
    timer.arm(0);
    check(timer.fired === 0, 'a timer fired inside updateTimer');
    await timer.firing(1);
  }),

  conformanceCase('a timer fires once, not before its time', async (bench) => {
    const timer = bench.timer();
    timer.arm(20 * MS);
    await timer.firing(1);
    await bench.elapse(60);
    check(timer.fired === 1, `a timer armed once fired ${timer.fired} times`);
  }),

  conformanceCase('a delay counts from the moment of arming', async (bench) => {
    const [one, other] = [bench.timer(), bench.timer()];
    one.arm(15 * MS);
    await one.firing(1);
    other.arm(15 * MS);
    await other.firing(1);
  }),

  conformanceCase('arming again replaces the delay', async (bench) => {
    const [later, sooner] = [bench.timer(), bench.timer()];
    later.arm(10 * MS);
    later.arm(60 * MS);
    sooner.arm(HOUR);
    sooner.arm(5 * MS);
    await sooner.firing(1);
    await later.firing(1);
    await bench.elapse(80);
    check(later.fired === 1 && sooner.fired === 1, 'a timer that was armed again fired for the first time as well');
  }),

  conformanceCase('a timer can be armed again inside its handler', async (bench) => {
    const timer = bench.timer();
    timer.reaction = () => {
      if (timer.fired < 5) timer.arm(2 * MS);
    };
    timer.arm(0);
    await timer.firing(5);
    await bench.quiet();
    check(timer.fired === 5, `a timer armed five times fired ${timer.fired} times`);
  }),

  conformanceCase('a timer that is no longer watched does not fire', async (bench) => {
    const timer = bench.timer();
    timer.arm(5 * MS);
    timer.unwatch();
    timer.unwatch();
    await bench.quiet();
    check(timer.fired === 0, 'a timer fired after Unwatch');
    timer.arm(0);
    await timer.firing(1);
  }),

  conformanceCase('a timer that was cleaned up does not fire', async (bench) => {
    const [armed, unused] = [bench.timer(), bench.timer()];
    armed.arm(5 * MS);
    armed.cleanup();
    unused.cleanup();
    // Were it still freed, a signal that the IOPS should not give would go unnoticed.
    armed.event.state = 'active';
    await bench.quiet();
    check(armed.fired === 0 && unused.fired === 0, 'a timer fired after Cleanup');
  }),

  conformanceCase('a freed timer does not fire', async (bench) => {
    const timer = bench.timer();
    timer.arm(0);
    timer.event.state = 'freed';
    timer.event.ready(0);
    await bench.quiet();
    check(timer.fired === 0, 'a timer fired though its event was freed');
  }),

  conformanceCase('a timer can be cleaned up inside its handler', async (bench) => {
    const timer = bench.timer();
    timer.reaction = () => {
      timer.arm(0);
      timer.cleanup();
    };
    timer.arm(0);
    await timer.firing(1);
    await bench.quiet();
    check(timer.fired === 1, 'a timer fired after Cleanup');
  }),

  conformanceCase('a timer can call off another that is due at the same time', async (bench) => {
    const [one, other] = [bench.timer(), bench.timer()];
    one.reaction = () => other.unwatch();
    other.reaction = () => one.unwatch();
    one.arm(5 * MS);
    other.arm(5 * MS);
    await bench.until(() => one.fired + other.fired > 0, 'one of two timers fires');
    await bench.quiet();
    check(one.fired + other.fired === 1, 'a timer fired after Unwatch');
  }),

  conformanceCase('the shorter of two timers fires first', async (bench) => {
    const [long, short] = [bench.timer(), bench.timer()];
    let shortWasFirst = false;
    long.reaction = () => {
      shortWasFirst = short.fired === 1;
    };
    long.arm(30 * MS);
    short.arm(10 * MS);
    await long.firing(1);
    check(shortWasFirst, 'a timer of 30 ms fired before one of 10 ms');
  }),

  conformanceCase('many timers each fire once', async (bench) => {
    const timers = Array.from({ length: 1000 }, () => bench.timer());
    for (const [index, timer] of timers.entries()) timer.arm(((index * 37) % 50) * MS);
    await bench.until(() => timers.every(({ fired }) => fired > 0), 'a thousand timers fire');
    await bench.quiet();
    check(
      timers.every(({ fired }) => fired === 1),
      'one of a thousand timers fired twice',
    );
  }),

  conformanceCase('a timer of many weeks does not fire at once', async (bench) => {
    const timer = bench.timer();
    timer.arm(24 * 60 * HOUR);
    await bench.quiet();
    check(timer.fired === 0, 'a timer of sixty days fired at once');
    timer.arm(0);
    await timer.firing(1);
  }),

  conformanceCase('now goes forward, in microseconds', async (bench) => {
    const { iops } = bench;
    let last = iops.now();
    check(Number.isFinite(last), `now answered ${last}`);
    for (let reading = 0; reading < 10_000; reading++) {
      const now = iops.now();
      check(now >= last, `now went back from ${last} to ${now}`);
      last = now;
    }
    await bench.elapse(20);
    const passed = iops.now() - last;
    check(passed >= 19 * MS, `now went forward by ${passed} in 20 ms`);
  }),

  conformanceCase('randomBytes answers as many bytes as asked for', async ({ iops }) => {
    for (const count of [0, 1, 16, 24, 1000]) {
      const bytes = iops.randomBytes(count);
      check(Buffer.isBuffer(bytes), 'randomBytes answered something that is not a Buffer');
      check(bytes.length === count, `randomBytes answered ${bytes.length} bytes instead of ${count}`);
    }
    const first = iops.randomBytes(32);
    const copy = Buffer.from(first);
    check(!iops.randomBytes(32).equals(first), 'randomBytes answered the same bytes twice');
    check(first.equals(copy), 'randomBytes changed bytes that it had answered before');
  }),
];

import { LCB_READ_EVENT, LCB_RW_EVENT, LCB_WRITE_EVENT } from '../iops/constants.js';
import { type Bench, check, checkBytes, conformanceCase, pattern } from './bench.js';
import type { ConformanceCase } from './harness.js';
import type { SocketProbe } from './socket-probe.js';

/** The most deliveries to a socket that is always ready before a timer that is due must fire. */
const DELIVERIES_MAX = 100_000;

/** Lets bytes from the peer wait on a socket that is not watched. */
async function withBytesWaiting(bench: Bench, run: (probe: SocketProbe) => Promise<void>): Promise<void> {
  const { probe, peer } = await bench.connect();
  await bench.outcome(peer.send(pattern(100)), 'the peer sends');
  await probe.ready(LCB_READ_EVENT, 'read readiness');
  await bench.quiet();
  probe.deliveries.length = 0;
  await run(probe);
}

/** How watches are set, replaced, taken back and ended. */
export const watchingCases: readonly ConformanceCase[] = [
  conformanceCase('nothing is delivered inside updateEvent', (bench) =>
    withBytesWaiting(bench, async (probe) => {
      probe.watch(LCB_RW_EVENT);
      check(probe.deliveries.length === 0, 'readiness was delivered inside updateEvent');
      await bench.until(() => probe.deliveries.length > 0, 'readiness is delivered after updateEvent');
    }),
  ),

  conformanceCase('a delivery disarms the event', (bench) =>
    withBytesWaiting(bench, async (probe) => {
      for (let round = 1; round <= 3; round++) {
        await probe.ready(LCB_RW_EVENT, 'readiness for the next watch');
        await bench.quiet();
        check(probe.deliveries.length === round, `${probe.deliveries.length} deliveries for ${round} watches`);
      }
    }),
  ),

  conformanceCase('what is ready stays ready until it is received', (bench) =>
    withBytesWaiting(bench, async (probe) => {
      await probe.ready(LCB_READ_EVENT, 'read readiness, nothing received yet');
      await probe.ready(LCB_READ_EVENT, 'read readiness again, still nothing received');
      checkBytes(await probe.read(100), pattern(100), 'received at last');
    }),
  ),

  conformanceCase('a watch replaces the one before', (bench) =>
    withBytesWaiting(bench, async (probe) => {
      probe.watch(LCB_READ_EVENT);
      probe.watch(LCB_WRITE_EVENT);
      await bench.until(() => probe.deliveries.length > 0, 'write readiness');
      await probe.read(100);
      probe.deliveries.length = 0;
      probe.watch(LCB_WRITE_EVENT);
      probe.watch(LCB_READ_EVENT);
      await bench.quiet();
      check(probe.deliveries.length === 0, 'readiness was delivered though nothing that is watched was ready');
    }),
  ),

  conformanceCase('the same watch twice is delivered once', (bench) =>
    withBytesWaiting(bench, async (probe) => {
      probe.watch(LCB_READ_EVENT);
      await probe.ready(LCB_READ_EVENT, 'read readiness');
      await bench.quiet();
      check(probe.deliveries.length === 1, `${probe.deliveries.length} deliveries instead of one`);
    }),
  ),

  conformanceCase('an event that is no longer watched is silent', async (bench) => {
    const { probe, peer } = await bench.connect();
    probe.watch(LCB_RW_EVENT);
    probe.unwatch();
    await bench.quiet();
    check(probe.deliveries.length === 0, 'write readiness was delivered after Unwatch');
    probe.watch(LCB_READ_EVENT);
    await bench.quiet();
    probe.unwatch();
    await bench.outcome(peer.send(pattern(100)), 'the peer sends');
    await bench.quiet();
    check(probe.deliveries.length === 0, 'read readiness was delivered after Unwatch');
    probe.unwatch();
    checkBytes(await probe.read(100), pattern(100), 'received when watched again');
  }),

  conformanceCase('cleanup ends an event', (bench) =>
    withBytesWaiting(bench, async (probe) => {
      probe.watch(LCB_RW_EVENT);
      probe.cleanup();
      // Were it still freed, a signal that the IOPS should not give would go unnoticed.
      probe.event.state = 'active';
      await bench.quiet();
      check(probe.deliveries.length === 0, 'readiness was delivered after Cleanup');
    }),
  ),

  conformanceCase('a freed event ignores what is signalled', (bench) =>
    withBytesWaiting(bench, async (probe) => {
      const { event } = probe;
      probe.watch(LCB_RW_EVENT);
      event.state = 'freed';
      event.readyR();
      event.readyW();
      event.readyRw();
      event.ready(LCB_RW_EVENT);
      await bench.quiet();
      check(probe.deliveries.length === 0, 'readiness reached the handler of a freed event');
    }),
  ),

  conformanceCase('an event can be cleaned up unused', async (bench) => {
    const { target } = await bench.listen();
    const probe = bench.open(target);
    probe.unwatch();
    probe.destroy();
    probe.cleanup();
    await bench.quiet();
    check(probe.deliveries.length === 0, 'an event that was never watched was signalled');
  }),

  conformanceCase('an event can be watched again inside its handler', async (bench) => {
    const { probe } = await bench.connect();
    probe.reaction = () => {
      if (probe.deliveries.length < 5) probe.watch(LCB_WRITE_EVENT);
    };
    probe.watch(LCB_WRITE_EVENT);
    await bench.until(() => probe.deliveries.length >= 5, 'five deliveries');
    await bench.quiet();
    check(probe.deliveries.length === 5, `${probe.deliveries.length} deliveries instead of five`);
  }),

  conformanceCase('an event can be ended inside its handler', (bench) =>
    withBytesWaiting(bench, async (probe) => {
      probe.reaction = () => {
        probe.watch(LCB_RW_EVENT);
        probe.destroy();
        probe.cleanup();
      };
      await probe.ready(LCB_RW_EVENT, 'readiness');
      await bench.quiet();
      check(probe.deliveries.length === 1, 'readiness was delivered after Cleanup');
    }),
  ),

  conformanceCase('a socket that is always ready leaves room for timers', async (bench) => {
    const { probe } = await bench.connect();
    const timer = bench.timer();
    probe.reaction = () => {
      if (timer.fired === 0 && probe.deliveries.length < DELIVERIES_MAX) probe.watch(LCB_WRITE_EVENT);
    };
    timer.arm(0);
    probe.watch(LCB_WRITE_EVENT);
    await timer.firing(1);
    check(probe.deliveries.length < DELIVERIES_MAX, `a timer waited for ${DELIVERIES_MAX} deliveries`);
  }),

  conformanceCase('events are delivered after watching stopped and started again', async (bench) => {
    const { probe, peer } = await bench.connect();
    bench.iops.stopWatching();
    bench.iops.startWatching();
    await bench.outcome(peer.send(pattern(100)), 'the peer sends');
    checkBytes(await probe.read(100), pattern(100), 'received');
  }),
];

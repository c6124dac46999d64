import { type EventLoop, SimulatedIOPS, SimulatedNetwork } from '../../src/simulation.js';
import type { HoldUp } from '../../src/time/hold-up.js';
import { Ticker, type Ticking } from '../../src/time/ticker.js';

const MS = 1000;

/** Waits for something for ever, and notes what it is told. Times are milliseconds. */
class Waiting implements Ticking {
  readonly ticks: { readonly at: number; readonly until: number }[] = [];
  readonly holdUps: HoldUp[] = [];
  received: () => number = () => 0;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  tick(now: number): boolean {
    this.ticks.push({ at: this.#now() / MS, until: now / MS });
    return true;
  }

  heldUp({ from, until }: HoldUp): void {
    this.holdUps.push({ from: from / MS, until: until / MS });
  }

  receivedBytes(): number {
    return this.received();
  }
}

interface Bed {
  readonly network: SimulatedNetwork;
  readonly loop: EventLoop;
  readonly waiting: Waiting;
  readonly ticker: Ticker;
}

function bed(): Bed {
  const network = new SimulatedNetwork({ seed: 1 });
  const waiting = new Waiting(() => network.now);
  const ticker = new Ticker(new SimulatedIOPS(network, 'host'), waiting);
  ticker.start();
  return { network, loop: network.loopOf('host'), waiting, ticker };
}

async function run({ network }: Bed, ms: number): Promise<void> {
  await network.schedule.run(network.now + ms * MS);
}

test('it ticks every 10 ms while something is waited for', async () => {
  const bench = bed();
  await run(bench, 35);
  expect(bench.waiting.ticks.map(({ at }) => at)).toEqual([10, 20, 30]);
});

test('while turns are long, each ends what was overdue before it', async () => {
  const bench = bed();
  bench.loop.keepBusy(60 * MS, 10, 'check');
  await run(bench, 400);
  for (const { at, until } of bench.waiting.ticks.slice(1)) expect([60, 0]).toContain(at - until);
  expect(bench.waiting.ticks.length).toBeGreaterThanOrEqual(5);
});

test('where one more turn would be too much, it ends what became overdue within the turn', async () => {
  const bench = bed();
  bench.loop.keepBusy(160 * MS, 10, 'check');
  await run(bench, 1000);
  const late = bench.waiting.ticks.filter(({ at, until }) => at > until);
  expect(late.length).toBeGreaterThanOrEqual(4);
  // The next turn would end 160 ms later, and 200 ms are allowed.
  for (const { at, until } of late) expect(at - until).toBe(40);
});

test.each([210, 250])('turns of %i ms end what became overdue within them', async (turnMs) => {
  const bench = bed();
  bench.loop.keepBusy(turnMs * MS, 10, 'check');
  await run(bench, 10 * turnMs);
  const { ticks } = bench.waiting;
  expect(ticks.length).toBeGreaterThanOrEqual(8);
  for (const { at, until } of ticks.slice(1)) expect(until).toBe(at);
});

test('turns of 251 ms end what was overdue before them', async () => {
  const bench = bed();
  bench.loop.keepBusy(251 * MS, 10, 'check');
  await run(bench, 2510);
  const { ticks } = bench.waiting;
  expect(ticks.filter(({ at, until }) => at - until === 251).length).toBeGreaterThanOrEqual(4);
  for (const { at, until } of ticks.slice(1)) expect([251, 0]).toContain(at - until);
});

test('after a hold-up, it tells of it before anything is called overdue', async () => {
  const bench = bed();
  bench.loop.keepBusy(2000 * MS, 1);
  await run(bench, 2005);
  expect(bench.waiting.holdUps).toEqual([{ from: 10, until: 2000 }]);
  expect(bench.waiting.ticks).toEqual([{ at: 2000, until: 2000 }]);
});

test('a caller that asks for the time in a turn that is too long is told of the hold-up first', async () => {
  const bench = bed();
  bench.loop.keepBusy(2000 * MS, 1);
  await run(bench, 500);
  expect(bench.ticker.now()).toBe(500 * MS);
  expect(bench.waiting.holdUps).toEqual([{ from: 10, until: 500 }]);
  await run(bench, 1505);
  expect(bench.waiting.holdUps.at(-1)).toEqual({ from: 500, until: 2000 });
});

test('short delays are not hold-ups', async () => {
  const bench = bed();
  bench.loop.keepBusy(390 * MS, 3);
  await run(bench, 1500);
  expect(bench.waiting.holdUps).toEqual([]);
});

describe('while much is received', () => {
  /** Receives 64 KiB every 4 ms, from 50 ms on. */
  function receiving(): Bed {
    const bench = bed();
    let bytes = 0;
    bench.waiting.received = () => bytes;
    const receive = (): void => {
      bench.loop.deliver(() => {
        bytes += 64 * 1024;
      });
      bench.network.schedule.after(4 * MS, receive);
    };
    bench.network.schedule.after(50 * MS, receive);
    return bench;
  }

  test('after it was late, it waits, and no longer than it was late', async () => {
    const bench = receiving();
    bench.loop.keepBusy(100 * MS, 1);
    await run(bench, 300);
    const [first, second] = bench.waiting.ticks;
    // It was due at 10 ms, and 90 ms late.
    expect(first!.at).toBeGreaterThanOrEqual(180);
    expect(first!.at).toBeLessThanOrEqual(200);
    expect(first!.until).toBe(100);
    expect(second!.at).toBeLessThanOrEqual(first!.at + 11);
  });

  test.each([500, 5000])('after a hold-up of %i ms, which moved deadlines, it goes on as ever', async (heldUpMs) => {
    const bench = receiving();
    bench.loop.keepBusy(heldUpMs * MS, 1);
    await run(bench, heldUpMs + 100);
    const [first, second] = bench.waiting.ticks;
    expect(first!.at).toBeLessThanOrEqual(heldUpMs + 10);
    expect(second!.until).toBeLessThanOrEqual(heldUpMs + 20);
  });

  test.each([60, 240, 500])('in turns of %i ms, each ends what was overdue two turns ago', async (turnMs) => {
    const bench = receiving();
    bench.loop.keepBusy(turnMs * MS, 20, 'end');
    await run(bench, turnMs * 20);
    const { ticks } = bench.waiting;
    expect(ticks.length).toBeGreaterThanOrEqual(8);
    for (const [index, { at }] of ticks.entries()) {
      if (index > 0) expect(at - ticks[index - 1]!.until).toBeLessThanOrEqual(2 * turnMs + 10);
    }
  });
});

test('when little is received, it does not', async () => {
  const bench = bed();
  let bytes = 0;
  bench.waiting.received = () => (bytes += 1000);
  bench.loop.keepBusy(100 * MS, 1);
  await run(bench, 105);
  expect(bench.waiting.ticks).toEqual([{ at: 100, until: 100 }]);
});

test('a ticker that was stopped does not tick', async () => {
  const bench = bed();
  bench.loop.keepBusy(100 * MS, 1);
  await run(bench, 50);
  bench.ticker.stop();
  await run(bench, 500);
  expect(bench.waiting.ticks).toEqual([]);
});

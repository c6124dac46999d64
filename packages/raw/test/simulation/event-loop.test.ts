import { EventLoop } from '../../src/simulation/event-loop.js';
import { Schedule } from '../../src/simulation/schedule.js';

const MS = 1000;

interface Bed {
  readonly schedule: Schedule;
  readonly loop: EventLoop;
  /** What happened, each with its time in milliseconds. */
  readonly log: string[];
  note(what: string): () => void;
}

function bed(): Bed {
  const schedule = new Schedule();
  const log: string[] = [];
  return {
    schedule,
    loop: new EventLoop(schedule),
    log,
    note: (what) => () => void log.push(`${what} ${schedule.now / MS}`),
  };
}

test('a loop that is not busy does everything at its time', async () => {
  const { schedule, loop, log, note } = bed();
  loop.after(5 * MS, note('timer'));
  loop.after(0, note('immediate'));
  loop.deliver(note('socket'));
  await schedule.run(10 * MS);
  expect(log).toEqual(['socket 0', 'immediate 0', 'timer 5']);
  expect(loop.holdUps).toEqual([]);
});

test('a busy loop does it when it turns: timers, then sockets, then timers without delay', async () => {
  const { schedule, loop, log, note } = bed();
  loop.keepBusy(20 * MS, 1);
  loop.deliver(note('socket'));
  loop.after(0, note('immediate'));
  loop.after(5 * MS, note('timer'));
  schedule.after(15 * MS, () => loop.deliver(note('later socket')));
  await schedule.run(50 * MS);
  expect(log).toEqual(['timer 20', 'socket 20', 'later socket 20', 'immediate 20']);
  expect(loop.holdUps).toEqual([{ from: 0, until: 20 * MS }]);
});

test('what sockets bring about belongs to the same turn, and goes before a timer without delay that a late timer arms', async () => {
  const { schedule, loop, log, note } = bed();
  loop.keepBusy(20 * MS, 1);
  loop.after(5 * MS, () => loop.after(0, note('armed by a timer')));
  loop.deliver(() => schedule.after(0, () => loop.deliver(note('second read'))));
  await schedule.run(50 * MS);
  expect(log).toEqual(['second read 20', 'armed by a timer 20']);
});

test('it is busy again at the end of each turn, or before timers without delay', async () => {
  for (const [phase, expected] of [
    ['end', ['timer 10', 'immediate 10', 'timer 20', 'immediate 20']],
    ['check', ['timer 10', 'immediate 20']],
  ] as const) {
    const { schedule, loop, log, note } = bed();
    const tick = (): void => {
      note('timer')();
      loop.after(0, note('immediate'));
      if (log.length < 3) loop.after(1 * MS, tick);
    };
    loop.keepBusy(10 * MS, 2, phase);
    loop.after(1 * MS, tick);
    await schedule.run(20 * MS);
    expect(log.slice(0, expected.length)).toEqual(expected);
  }
});

test('what is called off does not happen, also when it is due already', async () => {
  const { schedule, loop, log, note } = bed();
  const timer = loop.after(5 * MS, note('timer'));
  loop.keepBusy(20 * MS, 1);
  schedule.after(10 * MS, () => timer.cancel());
  await schedule.run(50 * MS);
  expect(log).toEqual([]);
});

test('a loop that is stopped ends the turn that there is, and is not busy again', async () => {
  const { schedule, loop, log, note } = bed();
  loop.keepBusy(20 * MS, 5);
  loop.after(1 * MS, note('timer'));
  schedule.after(3 * MS, () => loop.stop());
  await schedule.run(10 * MS);
  expect(loop.isBusy).toBe(true);
  await schedule.run(500 * MS);
  expect(loop.isBusy).toBe(false);
  expect(log).toEqual(['timer 20']);
  expect(loop.holdUps).toEqual([{ from: 0, until: 20 * MS }]);
});

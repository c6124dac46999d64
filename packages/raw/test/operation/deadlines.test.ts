import fc from 'fast-check';
import { Deadlines } from '../../src/operation/deadlines.js';
import type { Operation, OperationHolder } from '../../src/operation/operation.js';

/** Looks at an operation only for its deadline, its place in the order of the calls, and who holds it. */
function operation(deadline: number, sequence: number, holder: OperationHolder | undefined): Operation {
  return { deadline, sequence, holder } as Operation;
}

class Holder implements OperationHolder {
  readonly held = new Set<Operation>();
  looks = 0;
  readonly deadlines = new Deadlines(this, () => {
    this.looks++;
    return this.held;
  });

  add(operation: Operation): void {
    operation.holder = this;
    this.held.add(operation);
    this.deadlines.add(operation);
  }

  release(operation: Operation): boolean {
    operation.holder = undefined;
    return this.held.delete(operation);
  }

  overdue(now: number): number[] {
    const overdue = this.deadlines.overdue(now);
    for (const each of overdue) expect(this.release(each)).toBe(true);
    return overdue.map(({ sequence }) => sequence);
  }
}

test('all are found when their deadline has come, and none before, whatever comes and goes', () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ timeout: fc.nat(1_000_000) }) },
    { weight: 2, arbitrary: fc.record({ passes: fc.nat(100_000) }) },
    { weight: 1, arbitrary: fc.record({ leaves: fc.nat(100), returns: fc.boolean() }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const holder = new Holder();
      let now = 0;
      for (const [sequence, each] of steps.entries()) {
        if ('timeout' in each) {
          holder.add(operation(now + 1 + each.timeout, sequence, undefined));
        } else if ('passes' in each) {
          now += each.passes;
          const due = [...holder.held].filter(({ deadline }) => deadline <= now).map((one) => one.sequence);
          expect(holder.overdue(now)).toEqual(due.sort((a, b) => a - b));
        } else {
          const [one] = [...holder.held].slice(each.leaves % Math.max(holder.held.size, 1));
          if (one === undefined) continue;
          holder.release(one);
          if (each.returns) holder.add(one);
        }
      }
    }),
  );
});

test('many are given in portions, and a tick that has none to give looks at nothing', () => {
  const holder = new Holder();
  for (let index = 0; index < 2500; index++) holder.add(operation(1000, index, undefined));
  expect(holder.overdue(1000)).toEqual(Array.from({ length: 1000 }, (_none, index) => index));
  expect(holder.overdue(1001)).toHaveLength(1000);
  expect(holder.overdue(1002)).toHaveLength(500);
  holder.add(operation(3_000_000, 2500, undefined));
  const { looks } = holder;
  for (let now = 10_000; now < 250_000; now += 10_000) expect(holder.overdue(now)).toEqual([]);
  expect(holder.looks - looks).toBeLessThanOrEqual(1);
});

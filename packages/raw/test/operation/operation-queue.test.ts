import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import type { Operation } from '../../src/operation/operation.js';
import { OperationQueue } from '../../src/operation/operation-queue.js';

const NEVER = 10 ** 12;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** What a queue looks at. */
function operation(sequence: number, deadline = NEVER, valueBytes = 0): Operation {
  return { sequence, deadline, valueBytes, state: 'idle' } as Operation;
}

/** As `Operation.leave` does it. */
function leave(one: Operation): void {
  const { holder } = one;
  one.holder = undefined;
  holder!.release(one);
}

test('is a list in the order of the calls, whatever comes late and leaves early', () => {
  const step = fc.oneof(
    fc.record({ adds: fc.nat(1000), bytes: fc.nat(50), deadline: fc.integer({ min: 1, max: 300 }) }),
    fc.record({ leaves: fc.nat(100) }),
    fc.constant('shift' as const),
    fc.record({ takes: fc.nat(3), returns: fc.boolean() }),
    fc.constant('expire' as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const queue = new OperationQueue();
      let model: Operation[] = [];
      for (const [now, each] of steps.entries()) {
        model.sort((a, b) => a.sequence - b.sequence);
        if (each === 'shift') {
          const first = model[0] !== undefined && model[0].deadline > now ? model.shift() : undefined;
          expect(queue.shift(now)).toBe(first);
        } else if (each === 'expire') {
          expect(queue.takeOverdue(now)).toEqual(model.filter(({ deadline }) => deadline <= now));
          model = model.filter(({ deadline }) => deadline > now);
        } else if ('adds' in each) {
          // No two calls have one place.
          const one = operation(each.adds + now / 1000, now + each.deadline, each.bytes);
          queue.add(one);
          model.push(one);
        } else if ('leaves' in each) {
          const [one] = model.splice(each.leaves % Math.max(model.length, 1), 1);
          if (one !== undefined) leave(one);
        } else {
          const isTaken = ({ sequence }: Operation): boolean => Math.floor(sequence) % 4 === each.takes;
          const taken = queue.takeIf(isTaken);
          expect(taken.sort((a, b) => a.sequence - b.sequence)).toEqual(model.filter(isTaken));
          if (each.returns) for (const one of taken) queue.add(one);
          else model = model.filter((one) => !isTaken(one));
        }
        expect(queue.count).toBe(model.length);
        expect(queue.valueBytes).toBe(model.reduce((sum, { valueBytes }) => sum + valueBytes, 0));
      }
      expect(queue.takeAll()).toHaveLength(model.length);
      expect(queue.count).toBe(0);
    }),
  );
});

test('takes no time to speak of for any number, also in the worst order for a list', () => {
  const queue = new OperationQueue();
  const all = Array.from({ length: 200_000 }, (_none, index) => operation(index));
  const begun = performance.now();
  for (const one of all) queue.add(one);
  for (const one of all.splice(100_000).reverse()) leave(one);
  expect(all.every((one) => queue.shift(0) === one)).toBe(true);
  expect(queue.count).toBe(0);
  // With a search or a move for each, these are minutes.
  expect(performance.now() - begun).toBeLessThan(10_000);
});

test('lets go of those that were overdue, though others wait on', async () => {
  const queue = new OperationQueue();
  queue.add(operation(2000));
  const gone = addBriefly(queue);
  // What was looked at is kept until the end of a turn.
  await new Promise(setImmediate);
  collectGarbage();
  expect(gone.filter((each) => each.deref() !== undefined)).toHaveLength(0);
  expect(queue.count).toBe(1);
});

function addBriefly(queue: OperationQueue): WeakRef<Operation>[] {
  const brief = Array.from({ length: 900 }, (_none, index) => operation(index, 100));
  for (const one of brief) queue.add(one);
  expect(queue.takeOverdue(200)).toHaveLength(brief.length);
  return brief.map((one) => new WeakRef(one));
}

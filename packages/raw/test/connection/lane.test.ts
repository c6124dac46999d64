import fc from 'fast-check';
import { Lane } from '../../src/connection/lane.js';
import type { Operation, OperationHolder } from '../../src/operation/operation.js';

const holder: OperationHolder = { release: () => false };

function operation(sequence: number): Operation {
  return { sequence, holder } as unknown as Operation;
}

test('is a list in the order of the calls, whatever comes late, leaves early, or is put back', () => {
  const step = fc.oneof(
    fc.record({ adds: fc.nat(1000) }),
    fc.record({ leaves: fc.nat(100) }),
    fc.constant('shift' as const),
    fc.constant('shift and put back' as const),
    fc.record({ before: fc.nat(1000) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const lane = new Lane('key', holder);
      const model: Operation[] = [];
      for (const [index, each] of steps.entries()) {
        model.sort((a, b) => a.sequence - b.sequence);
        if (each === 'shift') {
          expect(lane.shift()).toBe(model.shift());
        } else if (each === 'shift and put back') {
          const first = lane.shift();
          expect(first).toBe(model[0]);
          if (first !== undefined) lane.add(first);
        } else if ('adds' in each) {
          // No two calls have one place.
          const one = operation(each.adds + index / 1000);
          lane.add(one);
          model.push(one);
        } else if ('leaves' in each) {
          const [one] = model.splice(each.leaves % Math.max(model.length, 1), 1);
          if (one === undefined) continue;
          one.holder = undefined;
          lane.left();
        } else {
          expect(lane.before(each.before)).toEqual(model.filter(({ sequence }) => sequence < each.before));
        }
        expect(lane.count).toBe(model.length);
      }
      model.sort((a, b) => a.sequence - b.sequence);
      expect(lane.all()).toEqual(model);
    }),
  );
});

test('does nothing to the others for one that comes or goes', () => {
  const lane = new Lane('key', holder);
  const COUNT = 50_000;
  for (let sequence = 0; sequence < COUNT; sequence++) lane.add(operation(sequence));
  // Each is taken, found to have to wait, and put back before it goes: with a list that closes its ranks, that takes hours.
  const taken: number[] = [];
  for (let sequence = 0; sequence < COUNT; sequence++) {
    lane.add(lane.shift()!);
    taken.push(lane.shift()!.sequence);
  }
  expect(taken).toEqual(Array.from({ length: COUNT }, (_none, sequence) => sequence));
  expect(lane.count).toBe(0);
});

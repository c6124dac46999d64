import fc from 'fast-check';
import type { Operation } from '../src/operation.js';
import { Slots } from '../src/slots.js';

/** Slots look at nothing but the opaque, which they set themselves, and the length of the values. */
function operation(valueBytes = 0): Operation {
  return { opaque: 0, valueBytes } as Operation;
}

describe('Slots', () => {
  test('finds an operation by its opaque, once', () => {
    const slots = new Slots();
    const one = operation();
    slots.add(one);
    expect(slots.count).toBe(1);
    expect(slots.take(one.opaque)).toBe(one);
    expect(slots.take(one.opaque)).toBeUndefined();
    expect(slots.count).toBe(0);
  });

  test('knows no opaque that it did not give, also when the slot is taken', () => {
    const slots = new Slots();
    const one = operation();
    slots.add(one);
    expect(slots.take(one.opaque + 64)).toBeUndefined();
    expect(slots.take(one.opaque ^ 0x8000_0000)).toBeUndefined();
    expect(slots.take(one.opaque)).toBe(one);
  });

  test('shows an operation and keeps it', () => {
    const slots = new Slots();
    const one = operation();
    slots.add(one);
    expect([slots.find(one.opaque), slots.find(one.opaque + 64)]).toEqual([one, undefined]);
    expect(slots.take(one.opaque)).toBe(one);
    expect(slots.find(one.opaque)).toBeUndefined();
  });

  test('knows whether a later operation was sent on the same key of the same collection', () => {
    const slots = new Slots();
    const sent = (key: string, sequence: number, collection?: object): Operation =>
      ({ ...operation(), key, sequence, collection }) as Operation;
    const [first, other, elsewhere] = [sent('a', 1), sent('b', 2), sent('a', 3, { path: 's.c' })];
    for (const one of [first, other, elsewhere]) slots.add(one);
    expect([first, other, elsewhere].map((one) => slots.hasLater(one))).toEqual([false, false, false]);
    const second = sent('a', 4);
    slots.add(second);
    expect([first, other, elsewhere, second].map((one) => slots.hasLater(one))).toEqual([true, false, false, false]);
  });

  test('gives no opaque again while an old operation is still waited for', () => {
    const slots = new Slots();
    const old = operation();
    slots.add(old);
    const given = new Set([old.opaque]);
    for (let round = 0; round < 1000; round++) {
      const one = operation();
      slots.add(one);
      expect(given.has(one.opaque)).toBe(false);
      given.add(one.opaque);
      expect(slots.take(one.opaque)).toBe(one);
    }
    expect(slots.take(old.opaque)).toBe(old);
  });

  test('gives all back in the order in which they were sent', () => {
    const slots = new Slots();
    const all = Array.from({ length: 200 }, () => operation());
    for (const one of all) slots.add(one);
    for (const one of all.filter((_one, index) => index % 3 === 0)) slots.take(one.opaque);
    const left = all.filter((_one, index) => index % 3 !== 0);
    expect(slots.all()).toEqual(left);
    expect(slots.takeAll()).toEqual(left);
    expect(slots.count).toBe(0);
  });

  test('are full with 131,072 operations', () => {
    const slots = new Slots();
    const all = Array.from({ length: 131_072 }, () => operation());
    for (const one of all) {
      expect(slots.isFull).toBe(false);
      slots.add(one);
    }
    expect(slots.isFull).toBe(true);
    slots.take(all[7]!.opaque);
    expect(slots.isFull).toBe(false);
  });

  test('are full with 64 MiB of values', () => {
    const slots = new Slots();
    const half = operation(32 * 1024 * 1024);
    slots.add(operation(32 * 1024 * 1024 - 1));
    slots.add(half);
    expect(slots.isFull).toBe(false);
    const rest = operation(1);
    slots.add(rest);
    expect(slots.isFull).toBe(true);
    slots.restore(slots.take(half.opaque)!);
    expect(slots.isFull).toBe(true);
    slots.take(rest.opaque);
    expect(slots.isFull).toBe(false);
    slots.takeAll();
    slots.add(operation(64 * 1024 * 1024 - 1));
    expect(slots.isFull).toBe(false);
  });

  test('behaves as a map from opaque to operation', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant('add'), fc.nat(300)), { maxLength: 500 }), (steps) => {
        const slots = new Slots();
        const model = new Map<number, Operation>();
        for (const step of steps) {
          if (step === 'add') {
            const one = operation();
            slots.add(one);
            expect(model.has(one.opaque)).toBe(false);
            model.set(one.opaque, one);
          } else {
            const opaque = [...model.keys()][Number(step) % Math.max(model.size, 1)] ?? 0xffff_fff0;
            expect(slots.take(opaque)).toBe(model.get(opaque));
            model.delete(opaque);
          }
          expect(slots.count).toBe(model.size);
        }
        expect(slots.all()).toEqual([...model.values()]);
      }),
    );
  });
});

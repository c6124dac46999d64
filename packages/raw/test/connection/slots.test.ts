import fc from 'fast-check';
import { KeysOnWire } from '../../src/connection/keys-on-wire.js';
import { Slots } from '../../src/connection/slots.js';
import type { Operation } from '../../src/operation/operation.js';

/** What slots look at of an operation without a key. */
function operation(valueBytes = 0): Operation {
  return { opaque: 0, hash: 0, valueBytes } as Operation;
}

/** As on the wire of a connection. */
function held(one: Operation): Operation {
  one.holder = { release: () => true };
  return one;
}

describe('Slots', () => {
  test('finds an operation by its opaque, once', () => {
    const slots = new Slots(new KeysOnWire());
    const one = operation();
    slots.add(one);
    expect(slots.count).toBe(1);
    expect(slots.take(one.opaque)).toBe(one);
    expect(slots.take(one.opaque)).toBeUndefined();
    expect(slots.count).toBe(0);
  });

  test('knows no opaque that it did not give, also when the slot is taken', () => {
    const slots = new Slots(new KeysOnWire());
    const one = operation();
    slots.add(one);
    expect(slots.take(one.opaque + 64)).toBeUndefined();
    expect(slots.take(one.opaque ^ 0x8000_0000)).toBeUndefined();
    expect(slots.take(one.opaque)).toBe(one);
  });

  test('shows an operation and keeps it', () => {
    const slots = new Slots(new KeysOnWire());
    const one = operation();
    slots.add(one);
    expect([slots.find(one.opaque), slots.find(one.opaque + 64)]).toEqual([one, undefined]);
    expect(slots.take(one.opaque)).toBe(one);
    expect(slots.find(one.opaque)).toBeUndefined();
  });

  test('gives an answer to all that follow an operation, one after the other', () => {
    const slots = new Slots(new KeysOnWire());
    const [leader, other, first, second, third] = Array.from({ length: 5 }, () => held(operation()));
    slots.add(leader!);
    slots.add(other!);
    expect(slots.isShared(leader!.opaque)).toBe(false);
    for (const one of [first!, second!, third!]) slots.follow(leader!, one);
    expect([slots.count, slots.isShared(leader!.opaque), slots.isShared(other!.opaque)]).toEqual([2, true, false]);
    expect(slots.all()).toEqual([leader, first, second, third, other]);
    expect(slots.remove(second!)).toBe(true);
    expect(slots.take(leader!.opaque)).toBe(leader);
    expect([slots.count, slots.find(leader!.opaque)]).toEqual([2, first]);
    expect(slots.remove(first!)).toBe(true);
    expect(slots.take(leader!.opaque)).toBe(third);
    expect(slots.take(leader!.opaque)).toBeUndefined();
    expect([slots.count, slots.isShared(leader!.opaque)]).toEqual([1, false]);
  });

  test('count those that follow, to be full', () => {
    const slots = new Slots(new KeysOnWire());
    const leader = held(operation());
    slots.add(leader);
    const followers = Array.from({ length: 131_071 }, () => held(operation()));
    for (const one of followers.slice(1)) slots.follow(leader, one);
    expect(slots.isFull).toBe(false);
    slots.follow(leader, followers[0]!);
    expect(slots.isFull).toBe(true);
    for (const one of followers) slots.remove(one);
    expect([slots.isFull, slots.isShared(leader.opaque), slots.all()]).toEqual([false, false, [leader]]);
    slots.follow(leader, held(operation()));
    expect(slots.takeAll()).toHaveLength(2);
    expect([slots.count, slots.isFull, slots.isShared(leader.opaque)]).toEqual([0, false, false]);
  });

  test('gives no opaque again while an old operation is still waited for', () => {
    const slots = new Slots(new KeysOnWire());
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
    const slots = new Slots(new KeysOnWire());
    const all = Array.from({ length: 200 }, () => operation());
    for (const one of all) slots.add(one);
    for (const one of all.filter((_one, index) => index % 3 === 0)) slots.take(one.opaque);
    const left = all.filter((_one, index) => index % 3 !== 0);
    expect(slots.all()).toEqual(left);
    expect(slots.takeAll()).toEqual(left);
    expect(slots.count).toBe(0);
  });

  test('are full with 131,072 operations', () => {
    const slots = new Slots(new KeysOnWire());
    const all = Array.from({ length: 131_072 }, () => operation());
    const tooMany = all.filter((one) => {
      const { isFull } = slots;
      slots.add(one);
      return isFull;
    });
    expect(tooMany).toEqual([]);
    expect(slots.isFull).toBe(true);
    slots.take(all[7]!.opaque);
    expect(slots.isFull).toBe(false);
  });

  test('are full with 64 MiB of values', () => {
    const slots = new Slots(new KeysOnWire());
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
        const slots = new Slots(new KeysOnWire());
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

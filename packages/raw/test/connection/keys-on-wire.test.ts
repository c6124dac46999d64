import { keyHash } from '@cb/protocol/internal';
import fc from 'fast-check';
import { KeysOnWire, type Wire } from '../../src/connection/keys-on-wire.js';
import type { Operation } from '../../src/operation/operation.js';

/** The operations on the wire of one connection. */
class Sent implements Wire {
  readonly #operations = new Map<number, Operation>();
  readonly #keys: KeysOnWire;
  readonly #number: number;
  #next: number;

  /** @param first the first opaque */
  constructor(keys: KeysOnWire, first = 0) {
    this.#keys = keys;
    this.#number = keys.open(this);
    this.#next = first;
  }

  find(opaque: number): Operation | undefined {
    return this.#operations.get(opaque);
  }

  add(one: Operation): void {
    one.opaque = this.#next;
    this.#next = (this.#next + 1) >>> 0;
    this.#operations.set(one.opaque, one);
    this.#keys.add(one, this.#number);
  }

  remove(one: Operation): void {
    this.#operations.delete(one.opaque);
    this.#keys.remove(one);
  }

  inherit(heir: Operation, from: Operation): void {
    heir.opaque = from.opaque;
    this.#operations.set(heir.opaque, heir);
    this.#keys.inherit(heir, from);
  }

  close(): void {
    this.#keys.close(this.#number);
  }
}

/** What the table looks at. */
function operation(key: string, collection?: object): Operation {
  return { key, collection, hash: keyHash(key), behind: undefined, ahead: undefined } as Operation;
}

test('finds the last operation on a key, on whichever wire, whatever comes and leaves in between', () => {
  const step = fc.record({ key: fc.nat(40), leaves: fc.boolean(), which: fc.nat(), on: fc.nat(2) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), fc.nat(9000), (steps, crowd) => {
      const keys = new KeysOnWire();
      // The opaques of the last one come round.
      const wires = [0, 7, 2 ** 32 - 100].map((first) => new Sent(keys, first));
      // So many others make the table grow before, or in between.
      for (let index = 0; index < crowd; index++) wires[index % 3]!.add(operation(`other-${index}`));
      const sent: { readonly one: Operation; readonly wire: Sent }[] = [];
      for (const { key, leaves, which, on } of steps) {
        if (leaves && sent.length > 0) {
          const [{ one, wire }] = sent.splice(which % sent.length, 1) as [(typeof sent)[0]];
          wire.remove(one);
          expect([one.behind, one.ahead]).toEqual([undefined, undefined]);
        } else {
          const one = operation(`key-${key}`);
          wires[on]!.add(one);
          sent.push({ one, wire: wires[on]! });
        }
        const asked = operation(`key-${key}`);
        expect(keys.last(asked)).toBe(sent.findLast(({ one }) => one.key === asked.key)?.one);
      }
      for (let index = 0; index < crowd; index += 97) expect(keys.last(operation(`other-${index}`))).toBeDefined();
    }),
  );
});

test('tells keys of one hash from each other, and keys of two collections', () => {
  const keys = new KeysOnWire();
  const [wire, elsewhere] = [new Sent(keys), new Sent(keys)];
  const [one, other] = [operation('plumless'), operation('buckeroo')];
  expect(one.hash).toBe(other.hash);
  wire.add(one);
  expect(keys.last(other)).toBeUndefined();
  expect(keys.last(operation('plumless', {}))).toBeUndefined();
  elsewhere.add(other);
  expect([keys.last(one), keys.last(other)]).toEqual([one, other]);
  elsewhere.remove(other);
  expect([keys.last(one), keys.last(other)]).toEqual([one, undefined]);
});

test('puts an heir in the place of an operation, which tells nobody', () => {
  const keys = new KeysOnWire();
  const wire = new Sent(keys);
  const left: Operation[] = [];
  keys.onLeft = (each) => void left.push(each);
  const [first, behind, heir] = [operation('plumless'), operation('buckeroo'), operation('plumless')];
  wire.add(first);
  wire.add(behind);
  wire.inherit(heir, first);
  expect([keys.last(first), keys.last(behind), left]).toEqual([heir, behind, []]);
  wire.remove(behind);
  wire.remove(heir);
  expect([keys.last(first), left]).toEqual([undefined, [behind, heir]]);
});

test('finds and forgets every one of the operations among which the table grew', () => {
  const keys = new KeysOnWire();
  const wire = new Sent(keys);
  const sent = Array.from({ length: 20_000 }, (_none, index) => operation(`key-${index}`));
  for (const one of sent) wire.add(one);
  expect(sent.filter((one) => keys.last(operation(one.key)) !== one)).toEqual([]);
  // Out of the table and in again: no place leads back to itself.
  for (const one of sent) wire.remove(one);
  for (const one of sent) wire.add(one);
  for (const one of sent) wire.remove(one);
  expect(sent.filter(({ behind, ahead }) => behind !== undefined || ahead !== undefined)).toEqual([]);
  expect(sent.filter((one) => keys.last(operation(one.key)) !== undefined)).toEqual([]);
});

test('lets the oldest of many on one key leave without a look at the others', () => {
  const keys = new KeysOnWire();
  const wire = new Sent(keys);
  const sent = Array.from({ length: 100_000 }, () => operation('hot'));
  for (const one of sent) wire.add(one);
  // With a walk to each, that takes minutes.
  for (const one of sent) wire.remove(one);
  expect(keys.last(operation('hot'))).toBeUndefined();
});

test('has room for the connections that come after others that closed', () => {
  const keys = new KeysOnWire();
  const [first, second] = [new Sent(keys), new Sent(keys)];
  first.close();
  for (let count = 0; count < 100_000; count++) new Sent(keys).close();
  const one = operation('k');
  second.add(one);
  expect(keys.last(one)).toBe(one);
  expect(() => {
    for (let count = 0; count < 65_536; count++) new Sent(keys);
  }).toThrow('at most 65535 connections');
});

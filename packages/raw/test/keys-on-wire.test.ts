import { keyHash } from '@cb/protocol';
import fc from 'fast-check';
import { KeysOnWire } from '../src/keys-on-wire.js';
import type { Operation } from '../src/operation.js';

/** What the table looks at. */
function operation(key: string, collection?: object): Operation {
  return { key, collection, hash: keyHash(key), behind: undefined, ahead: undefined } as Operation;
}

test('finds the last operation on a key, whatever comes and leaves in between', () => {
  const step = fc.record({ key: fc.nat(40), leaves: fc.boolean(), which: fc.nat() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), fc.nat(3000), (steps, crowd) => {
      const keys = new KeysOnWire();
      // So many others make the table grow in between.
      for (let index = 0; index < crowd; index++) keys.add(operation(`other-${index}`));
      const sent: Operation[] = [];
      for (const { key, leaves, which } of steps) {
        if (leaves && sent.length > 0) {
          const [one] = sent.splice(which % sent.length, 1);
          keys.remove(one!);
          expect([one!.behind, one!.ahead]).toEqual([undefined, undefined]);
        } else {
          const one = operation(`key-${key}`);
          keys.add(one);
          sent.push(one);
        }
        const asked = operation(`key-${key}`);
        expect(keys.last(asked)).toBe(sent.findLast((one) => one.key === asked.key));
      }
      for (let index = 0; index < crowd; index += 97) expect(keys.last(operation(`other-${index}`))).toBeDefined();
    }),
  );
});

test('tells keys of one hash from each other, and keys of two collections', () => {
  const keys = new KeysOnWire();
  const [one, other] = [operation('plumless'), operation('buckeroo')];
  expect(one.hash).toBe(other.hash);
  keys.add(one);
  expect(keys.last(other)).toBeUndefined();
  expect(keys.last(operation('plumless', {}))).toBeUndefined();
  keys.add(other);
  expect([keys.last(one), keys.last(other)]).toEqual([one, other]);
  keys.remove(one);
  expect([keys.last(one), keys.last(other)]).toEqual([undefined, other]);
});

test('puts an heir in the place of an operation, which tells nobody', () => {
  const keys = new KeysOnWire();
  const left: Operation[] = [];
  keys.onLeft = (each) => void left.push(each);
  const [first, behind, heir] = [operation('plumless'), operation('buckeroo'), operation('plumless')];
  keys.add(first);
  keys.add(behind);
  keys.inherit(heir, first);
  expect([keys.last(first), keys.last(behind), left]).toEqual([heir, behind, []]);
  keys.remove(behind);
  keys.remove(heir);
  expect([keys.last(first), left]).toEqual([undefined, [behind, heir]]);
});

test('finds and forgets every one of the operations among which the table grew', () => {
  const keys = new KeysOnWire();
  const sent = Array.from({ length: 5000 }, (_none, index) => operation(`key-${index}`));
  for (const one of sent) keys.add(one);
  for (const one of sent) expect(keys.last(operation(one.key))).toBe(one);
  // Out of the table and in again: no place leads back to itself.
  for (const one of sent) keys.remove(one);
  for (const one of sent) keys.add(one);
  for (const one of sent) keys.remove(one);
  expect(sent.filter(({ behind }) => behind !== undefined)).toEqual([]);
  expect(sent.filter((one) => keys.last(operation(one.key)) !== undefined)).toEqual([]);
});

test('lets the oldest of many on one key leave without a look at the others', () => {
  const keys = new KeysOnWire();
  const sent = Array.from({ length: 100_000 }, () => operation('hot'));
  for (const one of sent) keys.add(one);
  // With a walk to each, that takes minutes.
  for (const one of sent) keys.remove(one);
  expect(keys.last(operation('hot'))).toBeUndefined();
});

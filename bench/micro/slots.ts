import { KeysOnWire } from '../../packages/raw/src/connection/keys-on-wire.js';
import { Slots } from '../../packages/raw/src/connection/slots.js';
import type { MicroCase } from './micro-case.js';

type Operation = Parameters<Slots['add']>[0];

const IN_FLIGHT = 256;
const ROUNDS = 16;

export async function cases(): Promise<readonly MicroCase[]> {
  return [
    slotsCase('add and take, in order', new Slots(new KeysOnWire()), (index) => index),
    slotsCase(
      'add and take, answers in another order',
      new Slots(new KeysOnWire()),
      (index) => (index * 101) % IN_FLIGHT,
    ),
  ];
}

function slotsCase(name: string, slots: Slots, answered: (index: number) => number): MicroCase {
  // What slots touch of an operation.
  const operations = Array.from(
    { length: IN_FLIGHT },
    (_none, index) =>
      ({
        opaque: 0,
        valueBytes: 0,
        key: `${index}`,
        hash: 1 + index * 7919,
        behind: undefined,
        ahead: undefined,
      }) as Operation,
  );
  const order = operations.map((_operation, index) => answered(index));
  return {
    name,
    unit: 'operation',
    steps: IN_FLIGHT * ROUNDS,
    run() {
      let found = 0;
      for (let round = 0; round < ROUNDS; round++) {
        for (const operation of operations) slots.add(operation);
        for (const index of order) if (slots.take(operations[index]!.opaque) === operations[index]) found++;
      }
      return found;
    },
  };
}

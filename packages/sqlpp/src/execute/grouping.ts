import type { Accumulator } from '../aggregates/aggregate-spec.js';
import { clauseFault } from '../errors/clause-fault.js';
import type { Evaluate, Row, Run } from '../expressions/run.js';
import { identityKey } from '../values/equality.js';
import { truth } from '../values/truth.js';
import type { Value } from '../values/value.js';
import { BATCH_SIZE, type Batch, NO_ROWS, newRow, type Operator } from './operator.js';

/** Bytes that a group holds, about. */
const BYTES_OF_GROUP = 300;

export interface AggregateCode {
  readonly slot: number;
  readonly create: () => Accumulator;
  readonly operand: Evaluate;
  readonly filter: Evaluate | undefined;
}

export interface GroupCode {
  readonly keys: readonly { readonly slot: number; readonly value: Evaluate }[];
  readonly aggregates: readonly AggregateCode[];
  /** GROUP AS: what the array has of each row. */
  readonly members?: { readonly slot: number; readonly value: Evaluate } | undefined;
  /** Slots in front, which hold the row of what stands around the select. */
  readonly base: number;
  readonly size: () => number;
}

interface Group {
  readonly row: Row;
  readonly accumulators: readonly Accumulator[];
  readonly members: Value[];
}

/** Groups by no key at all: over no rows too there is one group. */
type Groups = { readonly all: Group[]; readonly byKey: Map<unknown, unknown> };

/** Puts rows with the same keys together, and aggregates over them. */
export function group(input: Operator, code: GroupCode): Operator {
  return (run, outer) => groupRows(input(run, outer), code, run, outer);
}

function* groupRows(input: Iterable<Batch>, code: GroupCode, run: Run, outer: Row): Generator<Batch> {
  const groups: Groups = { all: [], byKey: new Map() };
  for (const batch of input) {
    const before = groups.all.length;
    try {
      for (const row of batch) accumulate(groupOf(groups, code, row, run, outer), code, row, run);
    } catch (error) {
      throw clauseFault('aggregate', error);
    }
    run.hold((groups.all.length - before) * BYTES_OF_GROUP);
    yield NO_ROWS;
  }
  if (groups.all.length === 0 && code.keys.length === 0) groups.all.push(newGroup(code, outer));
  for (let from = 0; from < groups.all.length; from += BATCH_SIZE) {
    yield groups.all.slice(from, from + BATCH_SIZE).map((each) => finished(each, code));
  }
  run.hold(-groups.all.length * BYTES_OF_GROUP);
}

function newGroup({ aggregates, base, size }: GroupCode, outer: Row): Group {
  const accumulators: Accumulator[] = [];
  for (const { create } of aggregates) accumulators.push(create());
  return { row: newRow(outer, base, size()), accumulators, members: [] };
}

/** Finds the group of a row, or begins it. Each key but the last leads to a map of its own. */
function groupOf(groups: Groups, code: GroupCode, row: Row, run: Run, outer: Row): Group {
  const { keys } = code;
  if (keys.length === 0) {
    if (groups.all.length === 0) groups.all.push(newGroup(code, outer));
    return groups.all[0] as Group;
  }
  let map = groups.byKey;
  for (let at = 0; at < keys.length - 1; at++) {
    const { slot, value } = keys[at] as GroupCode['keys'][number];
    const key = value(row, run);
    row[slot] = key;
    const id = identityKey(key);
    let next = map.get(id) as Map<unknown, unknown> | undefined;
    if (next === undefined) {
      next = new Map();
      map.set(id, next);
    }
    map = next;
  }
  const { slot, value } = keys[keys.length - 1] as GroupCode['keys'][number];
  const key = value(row, run);
  row[slot] = key;
  const id = identityKey(key);
  const found = map.get(id) as Group | undefined;
  if (found !== undefined) return found;
  const created = newGroup(code, outer);
  for (const each of keys) created.row[each.slot] = row[each.slot];
  map.set(id, created);
  groups.all.push(created);
  return created;
}

function accumulate({ accumulators, members }: Group, code: GroupCode, row: Row, run: Run): void {
  const { aggregates } = code;
  for (let at = 0; at < aggregates.length; at++) {
    const { operand, filter } = aggregates[at] as AggregateCode;
    if (filter !== undefined && truth(filter(row, run)) !== true) continue;
    (accumulators[at] as Accumulator).add(operand(row, run));
  }
  if (code.members !== undefined) members.push(code.members.value(row, run));
}

function finished({ row, accumulators, members }: Group, code: GroupCode): Row {
  code.aggregates.forEach(({ slot }, at) => {
    row[slot] = accumulators[at]?.result();
  });
  if (code.members !== undefined) row[code.members.slot] = members;
  return row;
}

import { type BindingCode, bindingRows } from '../expressions/collections.js';
import { compile } from '../expressions/compiler.js';
import type { Evaluate, Row } from '../expressions/run.js';
import { EvaluationError } from '../functions/evaluation-error.js';
import type { IndexDefinition } from '../keyspaces/index-definition.js';
import type { Item } from '../keyspaces/keyspace.js';
import { Formaliser } from '../names/formaliser.js';
import { Scope } from '../names/scope.js';
import type { Comprehension, Expression } from '../syntax/expression.js';
import { identityKey } from '../values/equality.js';
import { truth } from '../values/truth.js';
import type { Value } from '../values/value.js';
import { columnsOf } from './index-columns.js';
import { INDEX_HOST, INDEX_RUN } from './index-run.js';

/** Returns the values of the keys of each entry that a document has in an index. */
export type EntriesOf = (item: Item) => readonly (readonly Value[])[];

const CLAUSE = { name: 'CREATE INDEX', aggregates: false, windows: false };

/** A name that no document's members hide. */
const SELF = '';

/** Compiles the keys and the condition of an index. */
export function compileEntries(definition: IndexDefinition): EntriesOf {
  if (definition.isPrimary) return ({ id }) => [[id]];
  const scope = new Scope(undefined);
  const slot = scope.frame.allocate(2);
  scope.add({ name: SELF, origin: 'source', slot, hasMeta: true });
  const formal = (expression: Expression): Expression =>
    new Formaliser(INDEX_HOST, scope, CLAUSE).formalise(expression);
  const codeOf = (expression: Expression): Evaluate => guarded(compile(formal(expression), INDEX_HOST));
  const condition = definition.condition && codeOf(definition.condition.value);
  const entriesOf = definition.keys.some(({ each }) => each !== undefined)
    ? crossed(keyCodes(definition, formal, codeOf))
    : single(definition.keys.map(({ value }) => codeOf(value)));
  const includesMissing = columnsOf(definition)[0]?.includeMissing === true;
  return (item) => {
    const row: Row = new Array(scope.frame.size);
    row[slot] = item.document;
    row[slot + 1] = item;
    if (condition !== undefined && truth(condition(row, INDEX_RUN)) !== true) return NONE;
    return entriesOf(row, includesMissing);
  };
}

type Entries = readonly (readonly Value[])[];

const NONE: Entries = [];

/** Returns the entry of a row without arrays. */
function single(codes: readonly Evaluate[]): (row: Row, includesMissing: boolean) => Entries {
  return (row, includesMissing) => {
    const values: Value[] = [];
    for (const code of codes) values.push(code(row, INDEX_RUN));
    return values[0] === undefined && !includesMissing ? NONE : [values];
  };
}

/** Returns an entry for each element of the array in a row. */
function crossed(keys: readonly KeyCode[]): (row: Row, includesMissing: boolean) => Entries {
  return (row, includesMissing) => {
    let entries: Entries = [[]];
    for (const key of keys) {
      const values = key(row);
      entries = entries.flatMap((entry) => values.map((each) => [...entry, ...each]));
    }
    return includesMissing ? entries : entries.filter(([first]) => first !== undefined);
  };
}

/** Returns the values of a key that each entry has one of: one, or those of the elements of an array. */
type KeyCode = (row: Row) => readonly (readonly Value[])[];

function keyCodes(
  definition: IndexDefinition,
  formal: (expression: Expression) => Expression,
  codeOf: (expression: Expression) => Evaluate,
): KeyCode[] {
  const columns = columnsOf(definition);
  return definition.keys.map(({ value, each }, key): KeyCode => {
    if (each === undefined) {
      const code = codeOf(value);
      return (row) => [[code(row, INDEX_RUN)]];
    }
    const width = columns.filter((column) => column.key === key).length;
    const elements = value.kind === 'comprehension' ? comprehended(value, width, formal) : elementsOf(codeOf(value));
    const none: readonly Value[] = new Array<Value>(width).fill(undefined);
    // A document without elements has an entry if the array is not the first key.
    return (row) => {
      const all = elements(row);
      if (all.length === 0) return [none];
      return each.distinct ? distinct(all) : all;
    };
  });
}

function elementsOf(code: Evaluate): KeyCode {
  return (row) => {
    const value = code(row, INDEX_RUN);
    return Array.isArray(value) ? (value as readonly Value[]).map((element) => [element]) : [];
  };
}

/** ARRAY … FOR, whose value may be FLATTEN_KEYS. */
function comprehended(
  expression: Comprehension,
  width: number,
  formal: (expression: Expression) => Expression,
): KeyCode {
  const { value, bindings, when } = formal(expression) as Comprehension;
  const parts = width > 1 && value.kind === 'call' ? value.operands : [flatOperand(value)];
  const codes = parts.map((part) => guarded(compile(part, INDEX_HOST)));
  const condition = when && guarded(compile(when, INDEX_HOST));
  const loops = bindings.map(
    ({ slot = 0, positionSlot, descend, source }): BindingCode => ({
      slot,
      positionSlot,
      descend,
      source: guarded(compile(source, INDEX_HOST)),
    }),
  );
  return (row) =>
    bindingRows(loops, row, INDEX_RUN)
      .filter((step) => condition === undefined || truth(condition(step, INDEX_RUN)) === true)
      .map((step) => codes.map((code) => code(step, INDEX_RUN)));
}

/** FLATTEN_KEYS of one key is that key. */
function flatOperand(value: Expression): Expression {
  const isFlat = value.kind === 'call' && value.path.length === 1 && value.path[0]?.toLowerCase() === 'flatten_keys';
  return isFlat ? (value.operands[0] ?? value) : value;
}

function distinct(all: readonly (readonly Value[])[]): readonly (readonly Value[])[] {
  if (all.length < 2) return all;
  return [...new Map(all.map((values) => [identityKey(values), values])).values()];
}

/** What cannot be evaluated is MISSING to an index. */
function guarded(code: Evaluate): Evaluate {
  return (row, run) => {
    try {
      return code(row, run);
    } catch (error) {
      if (error instanceof EvaluationError) return undefined;
      throw error;
    }
  };
}

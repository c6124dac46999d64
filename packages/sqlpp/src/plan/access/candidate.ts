import { operandsOf } from '../../expressions/compiler.js';
import type { KeyspaceIndex } from '../../keyspaces/index-scan.js';
import type { Expression } from '../../syntax/expression.js';
import { slotsOf } from '../names-of.js';
import { isImplied, type Predicates } from './implication.js';
import { type IndexShape, indexShapeOf, type ShapedArray, type ShapedColumn } from './index-shape.js';
import { type KeyRange, rangesOf } from './key-range.js';
import { ELEMENT, shapeOf } from './shape.js';
import type { ColumnRanges } from './span-code.js';

/** A term of FROM with all that has to be true of its documents. */
export interface Sought extends Predicates {
  /** Arrays whose elements have rows of their own, which the predicates name. */
  readonly unnests: readonly { readonly slot: number; readonly source: Expression }[];
  /** Tells whether the value of an expression is known before the documents are. */
  isKnown(expression: Expression): boolean;
}

/** How an index may be used. */
export interface Candidate {
  readonly index: KeyspaceIndex;
  readonly shape: IndexShape;
  /** Ranges of the leading columns. */
  readonly columns: readonly ColumnRanges[];
  /** Number of leading columns that have single values. */
  readonly equalities: number;
  /** Number of columns that have ranges. */
  readonly width: number;
}

/** Stands for an element of an array that is compared as a whole. */
const ELEMENT_SLOT = -1;

/** Returns how an index can be used; nothing if it does not have all documents that are sought. */
export function candidateOf(index: KeyspaceIndex, sought: Sought): Candidate | undefined {
  const shape = indexShapeOf(index.definition);
  if (!shape.conditions.every((condition) => isImplied(condition, sought))) return undefined;
  const elements = elementsOf(shape, sought);
  const columns = shape.columns.map((column, at) => {
    const predicates = column.isElement ? elements : sought;
    return predicates === undefined ? [] : columnRanges(column, predicates, sought, at);
  });
  const [first] = columns;
  if (first === undefined || (first.length === 0 && shape.columns[0]?.hasMissing !== true)) return undefined;
  while (columns.length > 0 && columns[columns.length - 1]?.length === 0) columns.pop();
  const firstOpen = columns.findIndex((lists) => !lists.some(isEquality));
  return {
    index,
    shape,
    columns,
    equalities: firstOpen < 0 ? columns.length : firstOpen,
    width: columns.filter((lists) => lists.length > 0).length,
  };
}

/** Puts the better of two candidates first: single documents, then more single values, more ranges, fewer columns. */
export function compareCandidates(left: Candidate, right: Candidate): number {
  return (
    Number(isLookup(right)) - Number(isLookup(left)) ||
    right.equalities - left.equalities ||
    right.width - left.width ||
    left.shape.columns.length - right.shape.columns.length
  );
}

function isLookup({ index, equalities }: Candidate): boolean {
  return index.definition.isPrimary && equalities > 0;
}

/** Tells whether a list of ranges is one of single values. */
export function isEquality(list: readonly KeyRange[]): boolean {
  return list.every((range) => range.kind === 'each' || (range.low !== undefined && range.low === range.high));
}

function columnRanges(column: ShapedColumn, { all, names }: Predicates, sought: Sought, at: number): ColumnRanges {
  const key = {
    isKey: (expression: Expression) => shapeOf(expression, names) === column.shape,
    // What belongs to the same element is as little known as the key.
    isKnown: (expression: Expression) =>
      sought.isKnown(expression) && ![...slotsOf(expression)].some((slot) => names.has(slot)),
  };
  const lists = all.flatMap((predicate) => {
    const ranges = rangesOf(predicate, key);
    return ranges === undefined ? [] : [ranges];
  });
  // Documents in which the first key is MISSING have no entries.
  return at > 0 || column.hasMissing ? lists : lists.filter((list) => !list.some(reachesMissing));
}

function reachesMissing(range: KeyRange): boolean {
  return range.kind === 'range' && range.low === undefined;
}

/** Returns what is true of one element of the array of an index, by the predicate that tells most of it. */
function elementsOf(shape: IndexShape, sought: Sought): Predicates | undefined {
  const { array } = shape;
  if (array === undefined || array.source === '') return undefined;
  const groups = [
    ...sought.all.flatMap((predicate) => quantifiedElements(predicate, array, sought)),
    ...sought.unnests
      .filter(({ source }) => !array.descend && shapeOf(source, sought.names) === array.source)
      .map(({ slot }): Predicates => ({ all: sought.all, names: new Map([...sought.names, [slot, ELEMENT]]) })),
  ];
  const columns = shape.columns.filter(({ isElement }) => isElement);
  const width = (group: Predicates): number =>
    columns.filter((column) => columnRanges(column, group, sought, 1).length > 0).length;
  const usable = groups.filter((group) => array.when.every((condition) => isImplied(condition, group)));
  return usable.sort((left, right) => width(right) - width(left))[0];
}

/** `ANY v IN array SATISFIES …` and `value IN array` are true of one element. */
function quantifiedElements(predicate: Expression, array: ShapedArray, sought: Sought): Predicates[] {
  if (predicate.kind === 'binary' && (predicate.operator === 'in' || predicate.operator === 'within')) {
    const { left, right, at } = predicate;
    const isSource =
      shapeOf(right, sought.names) === array.source && (predicate.operator === 'within') === array.descend;
    if (!isSource || !sought.isKnown(left)) return [];
    const equality: Expression = { kind: 'binary', operator: '=', left: wholeElement(at), right: left, at };
    return [{ all: [equality], names: new Map([...sought.names, [ELEMENT_SLOT, ELEMENT]]) }];
  }
  if (predicate.kind !== 'quantified' || predicate.quantifier === 'every') return [];
  const [binding] = predicate.bindings;
  if (predicate.bindings.length > 1 || binding?.slot === undefined || binding.positionSlot !== undefined) return [];
  if (binding.descend !== array.descend || shapeOf(binding.source, sought.names) !== array.source) return [];
  const all = operandsOf(predicate.condition, 'and');
  return [{ all, names: new Map([...sought.names, [binding.slot, ELEMENT]]) }];
}

function wholeElement(at: number): Expression {
  return { kind: 'variable', name: ELEMENT, slot: ELEMENT_SLOT, hasMeta: false, origin: 'binding', at };
}

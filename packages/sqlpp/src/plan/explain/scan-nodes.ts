import { findFunction } from '../../expressions/calls.js';
import { constantOf } from '../../expressions/constant.js';
import { columnsOf } from '../../indexes/index-columns.js';
import { INDEX_RUN } from '../../indexes/index-run.js';
import type { KeyspaceName } from '../../keyspaces/catalog.js';
import type { Expression } from '../../syntax/expression.js';
import { quotedName } from '../../syntax/expression-parts.js';
import { expressionText } from '../../syntax/expression-text.js';
import type { ObjectValue, Value } from '../../values/value.js';
import type { Candidate } from '../access/candidate.js';
import { SEQUENTIAL_SCAN } from '../access/key-lookup.js';
import type { KeyBound, KeyRange } from '../access/key-range.js';
import type { KeyspaceAccess } from '../access/keyspace-access.js';
import type { ColumnRanges } from '../access/span-code.js';
import type { PlanNode } from './plan-node.js';

/** Bits that tell which ends of a range belong to it. */
const INCLUSION_LOW = 1;
const INCLUSION_HIGH = 2;

/** What a scan without an index is told to use. */
const SEQUENTIAL = 'sequentialscan';

/** Spans that are told at most. */
const SPANS_MAX = 64;

/** Returns the names of a keyspace as operators have them. */
export function keyspaceMembers({ namespace, bucket, scope, collection }: KeyspaceName, alias: string): ObjectValue {
  const path =
    scope === undefined || collection === undefined ? { keyspace: bucket } : { bucket, scope, keyspace: collection };
  const isRenamed = alias !== path.keyspace;
  return { ...(isRenamed && { as: alias }), ...path, namespace };
}

/** Tells how the documents of a keyspace are found and fetched. */
export function accessNodes(access: KeyspaceAccess, alias: string, isNested: boolean): readonly PlanNode[] {
  const members = { ...keyspaceMembers(access.term.name, alias), ...(isNested && { nested_loop: true }) };
  const { path } = access;
  const fetch: PlanNode = { '#operator': 'Fetch', ...members };
  if (path === undefined || path.kind === 'scan') return [scanNode(SEQUENTIAL_SCAN, SEQUENTIAL, members), fetch];
  if (path.kind === 'union') {
    return [
      { '#operator': 'UnionScan', scans: path.candidates.map((each) => indexNode(each, access, alias, members)) },
      fetch,
    ];
  }
  const scan = indexNode(path.candidate, access, alias, members);
  return access.isCovered ? [scan] : [scan, fetch];
}

/** Tells how documents are fetched by their keys. */
export function keyScanNodes(keys: Expression, name: KeyspaceName, alias: string): readonly PlanNode[] {
  const scan = { '#operator': 'KeyScan', keys: expressionText(keys) };
  return [scan, { '#operator': 'Fetch', ...keyspaceMembers(name, alias) }];
}

function scanNode(index: string, using: string, members: ObjectValue): PlanNode {
  return { '#operator': 'PrimaryScan3', index, index_projection: { primary_key: true }, using, ...members };
}

function indexNode(candidate: Candidate, access: KeyspaceAccess, alias: string, members: ObjectValue): PlanNode {
  const { index, shape, columns } = candidate;
  const { name, isPrimary } = index.definition;
  const order = access.isOrdered ? orderOf(access, shape.columns) : undefined;
  if (isPrimary && columns.length === 0 && !access.isCovered) return { ...scanNode(name, 'gsi', members), ...order };
  const scan: PlanNode = {
    '#operator': 'IndexScan3',
    index: name,
    index_id: index.id,
    index_projection: { primary_key: true },
    spans: spansOf(
      columns,
      shape.columns.map((_column, at) => keyText(candidate, at)),
    ),
    using: name === SEQUENTIAL_SCAN ? SEQUENTIAL : 'gsi',
    ...members,
    ...(access.isCovered && { covers: coversOf(candidate, alias) }),
    ...order,
    ...(access.isReverse && { reverse: true }),
  };
  const isDistinct = shape.array !== undefined;
  return isDistinct ? { '#operator': 'DistinctScan', scan } : scan;
}

/** Tells what an index has of documents: the paths of its keys, and the keys of the documents. */
function coversOf({ shape }: Candidate, alias: string): readonly string[] {
  const root = quotedName(alias);
  const paths = shape.columns.flatMap(({ path }) => (path === undefined || path.length === 0 ? [] : [path]));
  const texts = paths.map((path) => path.reduce((text, name) => `(${text}.${quotedName(name)})`, root));
  return [...texts, `(meta(${root}).\`id\`)`].map((text) => `cover (${text})`);
}

function orderOf({ isReverse }: KeyspaceAccess, columns: Candidate['shape']['columns']): ObjectValue {
  return {
    index_order: columns.map(({ descending }, keypos) => ({ keypos, ...(descending !== isReverse && { desc: true }) })),
  };
}

function keyText({ index }: Candidate, at: number): string {
  const { isPrimary, keys } = index.definition;
  const column = columnsOf(index.definition)[at];
  return isPrimary || column === undefined ? '(meta().`id`)' : (keys[column.key]?.text ?? '');
}

/** Tells spans: each way of taking one range of every key. */
function spansOf(columns: readonly ColumnRanges[], keys: readonly string[]): readonly PlanNode[] {
  let spans: readonly (readonly PlanNode[])[] = [[]];
  for (const [at, lists] of columns.entries()) {
    const ranges = rangesOf(lists).map((range) => ({ ...range, index_key: keys[at] ?? '' }));
    if (spans.length * ranges.length > SPANS_MAX) break;
    spans = spans.flatMap((span) => ranges.map((range) => [...span, range]));
  }
  return spans.map((range) => ({ exact: true, range }));
}

function rangesOf(lists: ColumnRanges): readonly PlanNode[] {
  const [first] = lists;
  if (first === undefined) return [{ inclusion: 0 }];
  const single = lists.every((list) => list.length === 1)
    ? merged(lists.map(([range]) => range as KeyRange))
    : undefined;
  return single === undefined ? first.map(rangeNode) : [single];
}

/** Tells one range with the ends that several of them have. */
function merged(ranges: readonly KeyRange[]): PlanNode | undefined {
  let low: KeyBound | undefined;
  let high: KeyBound | undefined;
  for (const range of ranges) {
    if (range.kind === 'each') return ranges.length === 1 ? rangeNode(range) : undefined;
    if (range.low !== undefined && (low === undefined || isNull(low))) low = range.low;
    high ??= range.high;
  }
  return rangeNode({ kind: 'range', low, high });
}

function isNull({ value, inclusive }: KeyBound): boolean {
  return value.kind === 'literal' && value.value === null && !inclusive;
}

function rangeNode(range: KeyRange): PlanNode {
  if (range.kind === 'each') {
    const text = expressionText(range.values);
    return { dynamic_in: true, low: `array_min(${text})`, high: `array_max(${text})`, inclusion: 3 };
  }
  const { low, high } = range;
  return {
    ...(low !== undefined && { low: boundText(low) }),
    ...(high !== undefined && { high: boundText(high) }),
    inclusion: (low?.inclusive === true ? INCLUSION_LOW : 0) + (high?.inclusive === true ? INCLUSION_HIGH : 0),
  };
}

/** Ends that depend on constants only are told by their values. */
function boundText({ value }: KeyBound): string {
  const folded = value.kind === 'call' ? foldedCall(value) : undefined;
  return expressionText(folded ?? value);
}

function foldedCall({ path, operands, at }: Extract<Expression, { kind: 'call' }>): Expression | undefined {
  const values: Value[] = [];
  for (const operand of operands) {
    const constant = constantOf(operand);
    if (constant === undefined) return undefined;
    values.push(constant.value);
  }
  const spec = path.length === 1 ? findFunction((path[0] as string).toLowerCase()) : undefined;
  return spec && { kind: 'literal', value: spec.evaluate(INDEX_RUN, ...values), at };
}

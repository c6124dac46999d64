import type { AnsweredRow } from './view-client.js';

/** A document as a map function sees it. */
export interface ReferenceDocument {
  readonly id: string;
  // biome-ignore lint/suspicious/noExplicitAny: map functions look into documents of any shape
  readonly doc: any;
}

export interface ReferenceRow {
  readonly id: string;
  readonly key: unknown;
  readonly value: unknown;
}

/** The options of a query, as values. */
export interface ReferenceQuery {
  readonly startkey?: unknown;
  readonly endkey?: unknown;
  readonly startkey_docid?: string;
  readonly endkey_docid?: string;
  readonly key?: unknown;
  readonly keys?: readonly unknown[];
  readonly inclusive_end?: boolean | undefined;
  readonly descending?: boolean | undefined;
  readonly skip?: number | undefined;
  readonly limit?: number | undefined;
  readonly group?: boolean;
  readonly group_level?: number;
}

type Emit = (key: unknown, value?: unknown) => void;
export type ReferenceMap = (doc: ReferenceDocument['doc'], emit: Emit, id: string) => void;
export type ReferenceReduce = (rows: readonly ReferenceRow[]) => unknown;

/** The rows of a view in order, computed the plain way: map everything, sort everything. */
export function mapAll(documents: readonly ReferenceDocument[], map: ReferenceMap): ReferenceRow[] {
  const rows: ReferenceRow[] = [];
  for (const { id, doc } of documents) {
    map(doc, (key, value) => rows.push({ id, key, value: value === undefined ? null : value }), id);
  }
  return rows.sort((a, b) => collate(a.key, b.key) || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)));
}

/** What a query finds in the sorted rows, by filtering all of them. */
export function mapQuery(rows: readonly ReferenceRow[], query: ReferenceQuery): AnsweredRow[] {
  return sliced(selections(rows, query).flat(), query).map(({ id, key, value }) => ({ id, key, value }));
}

/** What a query of a reduced view finds: the selected rows, gathered by group, each reduced in one go. */
export function reduceQuery(
  rows: readonly ReferenceRow[],
  query: ReferenceQuery,
  reduce: ReferenceReduce,
): AnsweredRow[] {
  const groups = selections(rows, query).flatMap((selection) => {
    const found: { key: unknown; rows: ReferenceRow[] }[] = [];
    for (const row of selection) {
      const key = groupKey(row.key, query);
      const last = found.at(-1);
      if (last !== undefined && collate(last.key, key) === 0) last.rows.push(row);
      else found.push({ key, rows: [row] });
    }
    return found;
  });
  return sliced(groups, query).map((group) => ({ key: group.key, value: reduce(group.rows) }));
}

/** CouchDB's order of values, in the words of its documentation. */
export function collate(a: unknown, b: unknown): number {
  const kinds = [a, b].map((value) => {
    if (value === null) return 0;
    if (typeof value === 'boolean') return value ? 2 : 1;
    if (typeof value === 'number') return 3;
    if (typeof value === 'string') return 4;
    return Array.isArray(value) ? 5 : 6;
  });
  if (kinds[0] !== kinds[1]) return kinds[0]! - kinds[1]!;
  if (typeof a === 'number') return a - (b as number);
  if (typeof a === 'string') return a.localeCompare(b as string, 'en');
  if (typeof a !== 'object' || a === null) return 0;
  const [left, right] = [a, b].map((value) => Object.entries(value as object).flat());
  const flat = Array.isArray(a) ? [a, b as unknown[]] : [left!, right!];
  for (let index = 0; index < Math.min(flat[0]!.length, flat[1]!.length); index++) {
    const order = collate(flat[0]![index], flat[1]![index]);
    if (order !== 0) return order;
  }
  return flat[0]!.length - flat[1]!.length;
}

/** The rows that a query is about, apart for each of its keys. */
function selections(rows: readonly ReferenceRow[], query: ReferenceQuery): ReferenceRow[][] {
  const directed = query.descending ? [...rows].reverse() : [...rows];
  if (query.keys !== undefined) return query.keys.map((key) => within(directed, { ...query, key }));
  return [within(directed, query)];
}

function within(rows: readonly ReferenceRow[], query: ReferenceQuery): ReferenceRow[] {
  const sign = query.descending ? -1 : 1;
  const start = 'key' in query ? query.key : query.startkey;
  const end = 'key' in query ? query.key : query.endkey;
  return rows.filter((row) => {
    const fromStart = start === undefined ? 1 : sign * place(row, start, query.startkey_docid);
    const toEnd = end === undefined ? -1 : sign * place(row, end, query.endkey_docid);
    if (fromStart < 0 || toEnd > 0) return false;
    // Without the end: no row that is at the place where the range ends, which without an id is the key.
    return query.inclusive_end !== false || toEnd !== 0;
  });
}

/** Where a row is against a key with an id; without one, against the key. */
function place(row: ReferenceRow, key: unknown, id: string | undefined): number {
  const order = collate(row.key, key);
  if (order !== 0 || id === undefined) return order;
  return Buffer.compare(Buffer.from(row.id), Buffer.from(id));
}

function groupKey(key: unknown, { group, group_level }: ReferenceQuery): unknown {
  if (group) return key;
  if (!group_level) return null;
  return Array.isArray(key) ? key.slice(0, group_level) : key;
}

function sliced<T>(list: readonly T[], { skip = 0, limit = Infinity }: ReferenceQuery): T[] {
  return list.slice(skip, skip + limit);
}

import { BATCH_SIZE } from '../../execute/operator.js';
import type { Evaluate, Row, Run } from '../../expressions/run.js';
import type { KeyspaceName } from '../../keyspaces/catalog.js';
import type { IndexEntry, IndexSpan } from '../../keyspaces/index-scan.js';
import type { Item, Keyspace } from '../../keyspaces/keyspace.js';
import type { Expression } from '../../syntax/expression.js';
import { quotedName } from '../../syntax/expression-parts.js';
import type { Use } from '../../syntax/select.js';
import { StatementError } from '../../text/syntax-error.js';
import { type AccessPath, chooseIndex, isSteady } from './access-path.js';
import { type Candidate, candidateOf, type Sought } from './candidate.js';
import { type Cover, coverOf } from './covering.js';
import { directionOf, type OrderKey } from './index-order.js';
import { keyLookup } from './key-lookup.js';
import { DOCUMENT } from './shape.js';
import { compileSpans, type SpansOf } from './span-code.js';
import type { Path } from './used-paths.js';

const CODE_NO_INDEX = 4120;

/** Documents of the first batch: few, as they may be all that a limit leaves. */
const FIRST_BATCH = 16;

/** A keyspace in FROM. */
export interface AccessedTerm {
  readonly keyspace: Keyspace;
  readonly name: KeyspaceName;
  readonly slot: number;
  readonly use: Use;
  /** Whether a keyspace without a usable index is a fault. */
  readonly needsIndex: boolean;
}

/** What is known of the documents of a term. */
export interface Knowledge {
  /** Predicates that are all true. */
  readonly predicates: readonly Expression[];
  readonly unnests: Sought['unnests'];
  /** Slots whose values are not known when the documents are looked for. */
  readonly unknown: ReadonlySet<number>;
  readonly compile: (expression: Expression) => Evaluate;
}

interface ScannedIndex {
  readonly candidate: Candidate;
  readonly spans: SpansOf;
}

/** Finds the documents of a keyspace, by an index if one helps. */
export class KeyspaceAccess {
  readonly term: AccessedTerm;
  #path: AccessPath | undefined;
  #scans: readonly ScannedIndex[] = [];
  #isReverse = false;
  #isOrdered = false;
  #cover: Cover | undefined;
  /** Whether nothing of the documents is used but their keys. */
  #needsKeys = false;

  constructor(term: AccessedTerm) {
    this.term = term;
  }

  /** How the documents are found; undefined until it has been chosen. */
  get path(): AccessPath | undefined {
    return this.#path;
  }

  /** Whether an index leaves fewer documents to look at than all. */
  get isNarrow(): boolean {
    return (
      this.#path !== undefined &&
      this.#path.kind !== 'scan' &&
      this.#scans.every(({ candidate }) => candidate.width > 0)
    );
  }

  /**
   * Chooses how the documents are found.
   *
   * @throws StatementError if there has to be an index, and none can be used
   */
  choose({ predicates, unnests, unknown, compile }: Knowledge): void {
    const { keyspace, slot, use } = this.term;
    const sought: Sought = {
      all: predicates,
      names: new Map([[slot, DOCUMENT]]),
      unnests,
      isKnown: (expression) => isSteady(expression, unknown),
    };
    const path = chooseIndex(keyspace.indexes?.() ?? [], sought, use.indexes);
    if (path === undefined) this.#checkScan();
    this.#path = path ?? lookupOf(keyspace, sought) ?? { kind: 'scan' };
    this.#scans = candidatesOf(this.#path).map((candidate) => ({
      candidate,
      spans: compileSpans(candidate.columns, compile),
    }));
  }

  /** Whether the rows are made of what an index has. */
  get isCovered(): boolean {
    return this.#cover !== undefined;
  }

  /** Whether the documents come in the order of the index. */
  get isOrdered(): boolean {
    return this.#isOrdered;
  }

  /** Whether the index is gone through from its end. */
  get isReverse(): boolean {
    return this.#isReverse;
  }

  /** Makes documents of entries of the index, if they have all that is used of documents. */
  cover(used: readonly Path[]): void {
    if (this.#path?.kind === 'index') this.#cover = coverOf(this.#path.candidate, used);
    this.#needsKeys = used.length === 0;
  }

  /** Tells whether the documents come in an order, which the index may have from its start or from its end. */
  order(terms: readonly OrderKey[]): boolean {
    if (this.#path?.kind !== 'index') return false;
    const direction = directionOf(this.#path.candidate, terms, new Map([[this.term.slot, DOCUMENT]]));
    if (direction === undefined) return false;
    this.#isOrdered = true;
    this.#isReverse = direction === 'reverse';
    return true;
  }

  /** Yields the documents. */
  open(run: Run, row: Row): Iterable<readonly Item[]> {
    if (this.#scans.length > 0) return this.#fetch(run, row);
    const batches = this.term.keyspace.scan();
    return this.#needsKeys ? keysOf(batches) : batches;
  }

  *#fetch(run: Run, row: Row): Generator<readonly Item[]> {
    const seen = this.#scans.length > 1 ? new Set<string>() : undefined;
    let size = FIRST_BATCH;
    for (const { candidate, spans } of this.#scans) {
      for (const entries of this.#entries(candidate, spans(row, run))) {
        for (let from = 0; from < entries.length; ) {
          const to = Math.min(entries.length, from + size);
          yield this.#items(entries.slice(from, to), seen);
          from = to;
          size = Math.min(BATCH_SIZE, size * 4);
        }
      }
    }
  }

  #entries({ index }: Candidate, spans: readonly IndexSpan[]): Iterable<readonly IndexEntry[]> {
    return spans.length === 0 ? [] : index.scan(spans, { reverse: this.#isReverse });
  }

  /** What an index has may be gone by now. */
  #items(entries: readonly IndexEntry[], seen: Set<string> | undefined): readonly Item[] {
    if (this.#cover !== undefined) return entries.map(this.#cover);
    const items: Item[] = [];
    for (const { id } of entries) {
      if (seen?.has(id) === true) continue;
      seen?.add(id);
      const item = this.term.keyspace.get(id);
      if (item !== undefined) items.push(item);
    }
    return items;
  }

  #checkScan(): void {
    const { name, needsIndex } = this.term;
    if (!needsIndex || name.namespace === 'system') return;
    const path = quotedPath(name);
    const message =
      `No index available on keyspace ${path} that matches your query. Use CREATE PRIMARY INDEX ON ${path} to create a ` +
      'primary index, or check that your expected index is online.';
    throw new StatementError(CODE_NO_INDEX, message);
  }
}

/** Leaves the documents out, so that a store need not read them. */
function* keysOf(batches: Iterable<readonly Item[]>): Generator<readonly Item[]> {
  for (const batch of batches) yield batch.map(({ id }) => ({ id, document: undefined }));
}

/** Keys that predicates name are looked up, even without an index. */
function lookupOf(keyspace: Keyspace, sought: Sought): AccessPath | undefined {
  const candidate = candidateOf(keyLookup(keyspace), sought);
  return candidate !== undefined && candidate.equalities > 0 ? { kind: 'index', candidate } : undefined;
}

function candidatesOf(path: AccessPath): readonly Candidate[] {
  if (path.kind === 'scan') return [];
  return path.kind === 'index' ? [path.candidate] : path.candidates;
}

function quotedPath({ namespace, bucket, scope, collection }: KeyspaceName): string {
  const parts = scope === undefined || collection === undefined ? [bucket] : [bucket, scope, collection];
  return `${quotedName(namespace)}:${parts.map(quotedName).join('.')}`;
}

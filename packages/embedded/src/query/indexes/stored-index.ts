import type {
  DocumentIndex,
  IndexDefinition,
  IndexEntry,
  IndexScanOptions,
  IndexSpan,
  Item,
  KeyspaceIndex,
} from '@cb/sqlpp';
import type { IndexLoad } from './index-load.js';
import { SnapshotScan } from './snapshot-scan.js';

/** What an index needs of the collection that it is about. */
export interface IndexOwner {
  /** Returns an index without entries. */
  emptyIndex(definition: IndexDefinition): DocumentIndex;
  /** Returns what fills an index with the documents that are there. */
  load(entries: DocumentIndex): IndexLoad;
  /** Gives all indexes the changes that they may show. */
  catchUp(): void;
  /** Milliseconds since 1970. */
  now(): number;
}

/** An index of a collection: its definition, its state, and its entries. */
export class StoredIndex implements KeyspaceIndex {
  /** Hexadecimal. */
  readonly id: string;
  readonly definition: IndexDefinition;
  /** Copies of the index on other nodes, as they were asked for. */
  replicas: number;
  readonly #owner: IndexOwner;
  #state: KeyspaceIndex['state'] = 'deferred';
  #entries: DocumentIndex;
  #load: IndexLoad | undefined;
  #lastScanMs: number | undefined;
  /** Scans that have not taken all they are to yield. */
  readonly #scans = new Set<SnapshotScan>();

  constructor(owner: IndexOwner, id: string, definition: IndexDefinition, replicas: number) {
    this.#owner = owner;
    this.id = id;
    this.definition = definition;
    this.replicas = replicas;
    this.#entries = owner.emptyIndex(definition);
  }

  get state(): KeyspaceIndex['state'] {
    return this.#state;
  }

  get count(): number {
    return this.#entries.count;
  }

  /** When it was scanned last, in milliseconds since 1970; undefined if never. */
  get lastScanMs(): number | undefined {
    return this.#lastScanMs;
  }

  /** Whether it takes the changes of documents. */
  get isMaintained(): boolean {
    return this.#state !== 'deferred';
  }

  /** Whether documents are missing in it, as they were not loaded yet. */
  get isLoading(): boolean {
    return this.#load !== undefined;
  }

  scan(spans: readonly IndexSpan[], options: IndexScanOptions): Iterable<readonly IndexEntry[]> {
    while (this.step());
    this.#owner.catchUp();
    this.#lastScanMs = this.#owner.now();
    const scan = new SnapshotScan(this.#entries.scan(spans, options), (ended) => this.#scans.delete(ended));
    this.#scans.add(scan);
    return scan;
  }

  /** Begins to fill it with the documents that are there; `step` goes on. */
  build(): void {
    this.#state = 'building';
    this.#load = this.#owner.load(this.#entries);
  }

  /** Starts from an empty index. Scans that are under way go on with what was there. */
  restart(): void {
    if (!this.isMaintained) return;
    this.#scans.clear();
    this.#entries = this.#owner.emptyIndex(this.definition);
    this.#load = this.#owner.load(this.#entries);
  }

  /** Fills it with some more of the documents; false if it has them all. */
  step(): boolean {
    if (this.#load?.step() === true) return true;
    this.#load = undefined;
    if (this.#state === 'building') this.#state = 'online';
    return false;
  }

  /** Takes the new version of a document. */
  put(item: Item): void {
    this.#keepScans();
    this.#entries.put(item);
  }

  /** Takes note that a document is gone. */
  remove(id: string): void {
    this.#keepScans();
    this.#entries.remove(id);
  }

  /** What a scan is to yield does not change with the index: a statement does not meet what it writes itself. */
  #keepScans(): void {
    for (const scan of this.#scans) scan.keep();
  }

  /** Ends a build that is under way: the index is not used any more. */
  drop(): void {
    this.#load = undefined;
    this.#state = 'deferred';
  }
}

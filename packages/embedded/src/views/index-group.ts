import type { Bucket } from '../store/bucket.js';
import type { Document } from '../store/document.js';
import type { Vbucket } from '../store/vbucket.js';
import { reduceAll } from './group-rows.js';
import type { Change, Emissions, Mapper } from './mapper.js';
import type { Reducer } from './reduce.js';
import type { Row } from './row.js';
import { SortedRows } from './sorted-rows.js';

/** The documents that views are about are those of the default collection. */
const COLLECTION = 0;

/** How far one vbucket is indexed, and what its documents left in the index. */
class Partition {
  readonly vbucket: Vbucket;
  /** The branch of its history that was indexed. */
  readonly branch: object;
  /** Everything up to here is in the index. */
  seqno = 0;
  /** Seconds since the epoch: when the next document in the index expires. */
  nextExpiry = Number.POSITIVE_INFINITY;
  /** By key of the document, for each map function; documents without rows are left out. */
  readonly rows = new Map<string, readonly (readonly Row[])[]>();

  constructor(vbucket: Vbucket) {
    this.vbucket = vbucket;
    this.branch = vbucket.failoverLog.latest;
  }

  /** Whether it is still the same history, of a vbucket that is still active here. */
  isCurrent(vbucket: Vbucket | undefined): boolean {
    if (vbucket !== this.vbucket || vbucket.state !== 'active' || vbucket.failoverLog.latest !== this.branch)
      return false;
    // Documents whose tombstones were removed are unknown.
    return vbucket.tombstones.purgedSeqno <= this.seqno;
  }
}

/** What is taken out of and put into the rows of each map function. */
interface Edit {
  readonly removed: Row[];
  readonly added: Row[];
}

export interface IndexGroupSetup {
  /** How many map functions there are. */
  readonly functions: number;
  readonly mapper: Mapper;
  /** Each with the index of the map function whose rows it reduces. */
  readonly reducers: readonly { readonly map: number; readonly reducer: Reducer }[];
  /** Which vbuckets it is about. */
  wants(vbucket: number): boolean;
}

/** A document whose rows take the place of those of its version before. */
interface Replacement {
  readonly partition: Partition;
  readonly key: string;
  readonly rows: readonly (readonly Row[])[];
}

/**
 * The index of one design on one node: what its map functions emit for the documents of the active vbuckets there. It
 * is brought up to date on request, from where it is in each vbucket's sequence of mutations.
 */
export class IndexGroup {
  readonly #bucket: Bucket;
  readonly #mapper: Mapper;
  readonly #reducers: IndexGroupSetup['reducers'];
  readonly #wants: (vbucket: number) => boolean;
  #partitions: ReadonlyMap<number, Partition> = new Map();
  #rows: readonly SortedRows[];
  #isBuilt = false;
  #last: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(bucket: Bucket, { functions, mapper, reducers, wants }: IndexGroupSetup) {
    this.#bucket = bucket;
    this.#mapper = mapper;
    this.#reducers = reducers;
    this.#wants = wants;
    this.#rows = Array.from({ length: functions }, () => SortedRows.EMPTY);
  }

  /**
   * Whether it has something of each vbucket that it should have, and nothing of others: of what was never indexed there
   * is nothing to be found, and of a vbucket that moved there may be everything on two nodes.
   */
  get isBuilt(): boolean {
    if (!this.#isBuilt) return false;
    const current = this.#currentPartitions();
    if (current.size !== this.#partitions.size) return false;
    return [...current].every(([id, partition]) => this.#partitions.get(id) === partition);
  }

  /** The vbuckets in it and how far each is indexed. */
  get seqnos(): ReadonlyMap<number, number> {
    return new Map([...this.#partitions].map(([id, { seqno }]) => [id, seqno]));
  }

  /** What the map function with this index emitted, as far as it is indexed. The rows stay as they are. */
  rows(mapFunction: number): SortedRows {
    return this.#rows[mapFunction]!;
  }

  /**
   * Indexes everything that was written before this call.
   * @throws SandboxError when the map functions cannot be run.
   * @throws ReduceError when a reduce function cannot take what was emitted, or makes too much of it.
   */
  update(): Promise<void> {
    this.#next ??= this.#updateNext();
    return this.#next;
  }

  /** One update at a time: a request during an update gets the next one, which includes later mutations. */
  async #updateNext(): Promise<void> {
    await this.#last;
    this.#next = undefined;
    const update = this.#update();
    this.#last = update.catch(() => undefined);
    await update;
  }

  /** Nothing of the index changes before all documents are mapped and reduced, and then everything at once. */
  async #update(): Promise<void> {
    const partitions = this.#currentPartitions();
    const changes = [...partitions].flatMap(([id, partition]) => changesOf(id, partition));
    const seqnos = [...partitions.values()].map((partition) => [partition, partition.vbucket.highSeqno] as const);
    const mapped = await this.#mapper.map(changes.filter(({ document }) => !document.deleted));
    const edits = this.#rows.map((): Edit => ({ removed: [], added: [] }));
    for (const [id, partition] of this.#partitions) {
      if (partitions.get(id) === partition) continue;
      for (const rows of partition.rows.values()) remove(rows, edits);
    }
    const results = mapped.values();
    const replacements = changes.map(({ document, partition }): Replacement => {
      const result = document.deleted ? [] : results.next().value!;
      const rows = rowsOf(document, partition, result);
      return { partition: partitions.get(partition)!, key: document.key, rows };
    });
    for (const replacement of replacements) editRows(replacement, edits);
    const edited = this.#rows.map((rows, index) => rows.edit(edits[index]!.removed, edits[index]!.added));
    // A server keeps reductions in its index: when it cannot make one, it has no index.
    for (const { map, reducer } of this.#reducers) await reduceAll(edited[map]!, reducer);
    for (const { partition, key, rows } of replacements) {
      if (rows.every(({ length }) => length === 0)) partition.rows.delete(key);
      else partition.rows.set(key, rows);
    }
    for (const [partition, seqno] of seqnos) partition.seqno = seqno;
    this.#partitions = partitions;
    this.#rows = edited;
    this.#isBuilt = true;
  }

  /** The indexed part of each active vbucket here; nothing of those that started again. */
  #currentPartitions(): Map<number, Partition> {
    const partitions = new Map<number, Partition>();
    if (!this.#bucket.hasCollection(COLLECTION)) return partitions;
    for (const vbucket of this.#bucket.vbuckets) {
      if (vbucket?.state !== 'active' || !this.#wants(vbucket.id)) continue;
      const known = this.#partitions.get(vbucket.id);
      partitions.set(vbucket.id, known?.isCurrent(vbucket) ? known : new Partition(vbucket));
    }
    return partitions;
  }
}

/** The documents of a vbucket whose current version is not in the index. */
function changesOf(id: number, partition: Partition): Change[] {
  const { vbucket, seqno } = partition;
  if (vbucket.nowSeconds >= partition.nextExpiry) expire(partition);
  if (vbucket.highSeqnoOf(COLLECTION) <= seqno) return [];
  const changes: Change[] = [];
  for (const document of vbucket.documents(COLLECTION)) {
    if (document.seqno <= seqno) continue;
    changes.push({ document, partition: id });
    if (document.expiry !== 0 && !document.deleted) {
      partition.nextExpiry = Math.min(partition.nextExpiry, document.expiry);
    }
  }
  return changes;
}

/** Makes tombstones of expired documents, which may not have been read since. */
function expire(partition: Partition): void {
  const { vbucket } = partition;
  partition.nextExpiry = Number.POSITIVE_INFINITY;
  for (const document of [...vbucket.documents(COLLECTION)]) {
    if (document.expiry === 0 || document.deleted) continue;
    if (vbucket.read(COLLECTION, document.key) === undefined) continue;
    partition.nextExpiry = Math.min(partition.nextExpiry, document.expiry);
  }
}

/** The rows of a document's new version take the place of those of the one before. */
function editRows({ partition, key, rows }: Replacement, edits: readonly Edit[]): void {
  const before = partition.rows.get(key);
  if (before !== undefined) remove(before, edits);
  for (const [index, added] of rows.entries()) for (const row of added) edits[index]!.added.push(row);
}

function remove(rows: readonly (readonly Row[])[], edits: readonly Edit[]): void {
  for (const [index, removed] of rows.entries()) for (const row of removed) edits[index]!.removed.push(row);
}

function rowsOf({ key: id }: Document, partition: number, mapped: readonly Emissions[]): (readonly Row[])[] {
  return mapped.map((emissions) =>
    emissions.map(({ key, keyText, valueText }, ordinal) => ({ key, keyText, id, valueText, partition, ordinal })),
  );
}

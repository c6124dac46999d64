import type { Clock } from '../time/clock.js';
import type { Failure, Findings } from './answer.js';
import { groupRows, type ReducedRow } from './group-rows.js';
import type { IndexGroup } from './index-group.js';
import { type KeyRange, keyRanges } from './key-range.js';
import { mergeReduced, mergeRows } from './merge-rows.js';
import { ReduceError, type Reducer } from './reduce.js';
import type { Row } from './row.js';
import { SandboxError, SandboxUnavailable } from './sandbox/sandbox.js';
import type { SortedRows } from './sorted-rows.js';
import type { ViewParams } from './view-params.js';

/** A node that a query asks. */
export interface AskedNode {
  /** `local`, or where the node is. */
  readonly name: string;
  readonly group: IndexGroup;
  isUp(): boolean;
  isHanging(): boolean;
}

/** Milliseconds to wait for a node that hangs, unless the query says otherwise. Source: couchbase/couchdb, couch_index_merger.erl. */
const TIMEOUT_MS = 60_000;

/** Milliseconds between two checks of a node that hangs. */
const LOOK_MS = 20;

/** A node cannot be asked. */
class Unreachable extends Error {}

export interface ViewQuerySetup {
  readonly params: ViewParams;
  readonly nodes: readonly AskedNode[];
  readonly clock: Clock;
  /** Which map function of the design the view is. */
  readonly mapFunction: number;
  /** Undefined when the view is not reduced. */
  readonly reducer: Reducer | undefined;
  warn(message: string): void;
}

/** What a node has for the query: it stays as it is, whatever is written in the meantime. */
interface Snapshot {
  readonly node: AskedNode;
  readonly rows: SortedRows;
  readonly ranges: readonly KeyRange[];
}

/** One query over all nodes. */
export class ViewQuery implements Findings {
  readonly #setup: ViewQuerySetup;
  readonly #failures: Failure[] = [];
  #snapshots: readonly Snapshot[] = [];

  constructor(setup: ViewQuerySetup) {
    this.#setup = setup;
  }

  /** The nodes that failed so far; there may be more after the rows. */
  get failures(): readonly Failure[] {
    return this.#failures;
  }

  /** Rows of the whole view; undefined when it is reduced. */
  get totalRows(): number | undefined {
    if (this.#setup.reducer !== undefined) return undefined;
    return this.#snapshots.reduce((total, { rows }) => total + rows.length, 0);
  }

  /** The progress of each node's index, by node; undefined unless it was requested. */
  get debugInfo(): Readonly<Record<string, object>> | undefined {
    if (!this.#setup.params.debug) return undefined;
    return Object.fromEntries(this.#snapshots.map(({ node }) => [node.name, debugInfo(node.group)]));
  }

  /** Brings the indexes up to date as far as `stale` wants it. */
  async prepare(): Promise<void> {
    const { nodes, params, mapFunction } = this.#setup;
    const ready = await Promise.all(nodes.map((node) => this.#isReady(node)));
    this.#snapshots = nodes
      .filter((_node, index) => ready[index])
      .map((node) => {
        const rows = node.group.rows(mapFunction);
        return { node, rows, ranges: keyRanges(rows, params) };
      });
    if (params.stale === 'update_after') for (const { node } of this.#snapshots) this.#updateAfter(node);
  }

  /** The rows as JSON, after skip and limit. */
  async *rows(): AsyncGenerator<string> {
    const { skip, limit, onError } = this.#setup.params;
    if (limit === 0 || (onError === 'stop' && this.#failures.length > 0)) return;
    let position = 0;
    for await (const row of this.#setup.reducer === undefined ? this.#mapped() : this.#reduced(this.#setup.reducer)) {
      if (position++ < skip) continue;
      yield row;
      if (position >= skip + limit) return;
    }
  }

  async #isReady(node: AskedNode): Promise<boolean> {
    const { stale } = this.#setup.params;
    try {
      if (!node.isUp()) throw new Unreachable('econnrefused');
      if (node.isHanging()) await this.#served(node);
      if (stale === 'false' || !node.group.isBuilt) await this.#inTime(node.group.update());
      return true;
    } catch (error) {
      this.#fail(node, error);
      return false;
    }
  }

  /** Settles when the node goes on. */
  async #served(node: AskedNode): Promise<void> {
    const { clock, params } = this.#setup;
    const deadline = clock.now() + (params.timeoutMs ?? TIMEOUT_MS);
    while (node.isHanging()) {
      if (clock.now() >= deadline) throw new Unreachable('timeout');
      await new Promise<void>((resolve) => clock.after(LOOK_MS, resolve));
    }
    if (!node.isUp()) throw new Unreachable('econnrefused');
  }

  /** An error for what takes longer than the query allows. */
  async #inTime(work: Promise<void>): Promise<void> {
    const { clock, params } = this.#setup;
    if (params.timeoutMs === undefined) {
      await work;
      return;
    }
    let cancel = (): void => undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      cancel = clock.after(params.timeoutMs!, () => reject(new Unreachable('timeout')));
    });
    try {
      await Promise.race([work, timeout]);
    } finally {
      cancel();
    }
  }

  #updateAfter({ name, group }: AskedNode): void {
    group.update().catch((error: Error) => {
      if (!(error instanceof SandboxUnavailable)) this.#setup.warn(`views on ${name}: ${error.message}`);
    });
  }

  #fail({ name }: AskedNode, error: unknown): void {
    const isKnown = [SandboxError, ReduceError, Unreachable].some((kind) => error instanceof kind);
    if (!isKnown || !(error instanceof Error)) throw error;
    this.#failures.push({ from: name, reason: error.message });
  }

  *#mapped(): Iterable<string> {
    const { params } = this.#setup;
    const { debug, descending } = params;
    for (let index = 0; index < (params.keys?.length ?? 1); index++) {
      const sources = this.#snapshots.map(({ rows, ranges }) =>
        rows.range(ranges[index]!.from, ranges[index]!.to, descending),
      );
      for (const { row, source } of mergeRows(sources, descending)) {
        yield rowText(row, debug ? this.#snapshots[source]!.node.name : undefined);
      }
    }
  }

  async *#reduced(reducer: Reducer): AsyncGenerator<string> {
    const { keys, descending } = this.#setup.params;
    for (let index = 0; index < (keys?.length ?? 1); index++) {
      const sources = this.#snapshots.map((snapshot) => this.#groups(snapshot, index, reducer));
      for await (const { keyText, valueText } of mergeReduced(sources, reducer, descending)) {
        yield `{"key":${keyText},"value":${valueText}}`;
      }
    }
  }

  /** The groups of one node; where it fails, they end. */
  async *#groups({ node, rows, ranges }: Snapshot, range: number, reducer: Reducer): AsyncGenerator<ReducedRow> {
    const { grouping, descending } = this.#setup.params;
    try {
      yield* groupRows(rows, ranges[range]!, grouping, reducer, descending);
    } catch (error) {
      this.#fail(node, error);
    }
  }
}

function rowText({ id, keyText, valueText, partition }: Row, node: string | undefined): string {
  const idText = JSON.stringify(Buffer.from(id, 'latin1').toString('utf8'));
  const place = node === undefined ? '' : `"partition":${partition},"node":${JSON.stringify(node)},`;
  return `{"id":${idText},"key":${keyText},${place}"value":${valueText}}`;
}

function debugInfo({ seqnos }: IndexGroup): object {
  const partitions = [...seqnos.keys()];
  const bySeqno = Object.fromEntries([...seqnos].map(([id, seqno]) => [String(id).padStart(4, '0'), seqno]));
  return {
    main_group: {
      active_partitions: partitions,
      original_active_partitions: partitions,
      passive_partitions: [],
      original_passive_partitions: [],
      cleanup_partitions: [],
      replica_partitions: [],
      replicas_on_transfer: [],
      indexable_seqs: bySeqno,
      unindexeable_seqs: {},
      wanted_seqs: bySeqno,
      wanted_partitions: partitions,
      pending_transition: null,
      stats: {},
    },
  };
}

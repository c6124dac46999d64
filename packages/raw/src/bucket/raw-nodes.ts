import type { MutationTokenLike } from '@cb/protocol';
import type { ClusterView } from '../operation/cluster-view.js';
import { type NoopOptions, noop } from '../operations/noop.js';
import { type ObserveSeqnoOptions, type ObserveSeqnoResult, observeSeqno } from '../operations/observe-seqno.js';
import { diagnostics, type PingOptions, ping } from '../operations/ping.js';
import { type StatsOptions, type StatsResult, stats } from '../operations/stats.js';
import type { AsyncResult } from '../results/async-result.js';
import type { DiagnosticsReport, PingReport } from '../results/reports.js';
import type { Result } from '../results/results.js';
import type { Router } from '../routing/router.js';
import type { BucketState } from './bucket-state.js';
import { RawCollection } from './raw-collection.js';
import { type ReadyOptions, untilReady } from './until-ready.js';

/** What a bucket can be asked about its nodes. */
export abstract class RawNodes extends RawCollection {
  abstract readonly state: BucketState;

  /** The bucket's name. */
  abstract readonly bucket: string;

  /** The nodes that hold the bucket's documents, as `host:port`; empty before the bucket is connected. */
  abstract readonly serverNodes: string[];

  protected abstract readonly cluster: ClusterView & Pick<Router, 'iops'>;

  abstract connect(): AsyncResult<undefined>;

  /** Returns what a log shows: the name, the state and the nodes, never the credentials. */
  toJSON(): object {
    const { bucket, state, serverNodes } = this;
    return { bucket, state, serverNodes };
  }

  /** Asks one node, any one, for nothing: shows that it answers. */
  noop(options?: NoopOptions): AsyncResult<Result> {
    return this.start(noop(this.context, options));
  }

  /**
   * Asks all nodes for statistics: the usual ones, or the groups that `keys` name (`memory`, `config`, `vbucket`, …), or,
   * with `keystats`, how the copies of a document stand. What nodes told is there even when others failed.
   */
  stats(keys?: string | readonly string[], options?: StatsOptions): AsyncResult<StatsResult> {
    return this.compose(stats(this.context, keys, options));
  }

  /**
   * How far the nodes with a copy of a vbucket are with its history, the active one first: which mutations they have,
   * and which they have persisted. Nodes that do not answer are left out, save the active one, which must.
   */
  observeSeqno(token: MutationTokenLike, options?: ObserveSeqnoOptions): AsyncResult<ObserveSeqnoResult[]> {
    return this.compose(observeSeqno(this.context, token, options));
  }

  /** Sends something to every node, and reports which of them answered, and how fast. A node's failure is in the report. */
  ping(options?: PingOptions): AsyncResult<PingReport> {
    return this.compose(ping(this.context, this.bucket, options));
  }

  /** How the connections to all nodes stand. Sends nothing, and may be called at any time. */
  diagnostics(reportId?: string): DiagnosticsReport {
    return diagnostics(this.cluster.iops, this.cluster, this.bucket, reportId);
  }

  /**
   * Waits until every node has a connection that can be used; begins to connect, if that was not done. `TimeoutError`
   * names the nodes that are not ready after `timeout` (10 seconds); whatever `connect` fails with ends the wait at once.
   */
  waitUntilReady(options?: ReadyOptions): AsyncResult<undefined> {
    return this.compose(untilReady(this.context, this, options));
  }
}

import { clearTimeout, setTimeout } from 'node:timers';
import type { Engine } from './engine.js';
import type { CollectionIndexes } from './indexes/collection-indexes.js';
import type { QueryHost } from './query-host.js';
import type { ScanConsistency, ScanVector } from './scan-consistency.js';

/** How long a scan waits for its index if the request does not say. Source: the index service's setting `scan_timeout`. */
const SCAN_WAIT_MS_DEFAULT = 120_000;

const CODE_SCAN_TIMEOUT = 12015;
const CODE_TIMEOUT = 1080;
const CODE_VECTORS = 5190;

const NANOS_PER_MS = 1e6;

/** What a request asks of the indexes. */
export interface IndexWait {
  readonly consistency: ScanConsistency;
  /** Milliseconds that indexes may take to become as current as is asked for. Default two minutes. */
  readonly scanWaitMs: number | undefined;
  /** Milliseconds that the statement has. Default: no limit. */
  readonly timeoutMs: number | undefined;
  /** Aborted when the answer is not wanted any more. */
  readonly signal: AbortSignal;
}

/** Where to look for the indexes. */
export interface IndexWaitHost {
  readonly engine: Engine;
  readonly cluster: QueryHost;
  /** Paths of the keyspaces of the statement, each with its bucket, as far as they are known. */
  readonly keyspaces: ReadonlyMap<string, string>;
}

/**
 * Brings the indexes of the cluster up to date, as far as a request needs that.
 *
 * @throws StatementError if that takes longer than the request allows
 */
export async function awaitIndexes(host: IndexWaitHost, wait: IndexWait): Promise<void> {
  if (wait.consistency.kind !== 'not_bounded') await untilCurrent(host, wait);
  for (const indexes of indexesOf(host.cluster)) await indexes.catchUpInTurns();
}

async function untilCurrent(host: IndexWaitHost, wait: IndexWait): Promise<void> {
  const { engine, cluster } = host;
  const { scanWaitMs = SCAN_WAIT_MS_DEFAULT, timeoutMs, signal } = wait;
  const over = new AbortController();
  const fail = (code: number, message: string) => (): void => over.abort(new engine.StatementError(code, message));
  const leave = (): void => over.abort();
  const scanTimeout = fail(CODE_SCAN_TIMEOUT, 'Index scan timed out - cause: Index scan timed out');
  const stopScanWait = cluster.clock.after(scanWaitMs, scanTimeout);
  const text = engine.durationText((timeoutMs ?? 0) * NANOS_PER_MS);
  const timer =
    timeoutMs === undefined ? undefined : setTimeout(fail(CODE_TIMEOUT, `Timeout ${text} exceeded`), timeoutMs);
  signal.addEventListener('abort', leave);
  try {
    await Promise.all(conditions(host, wait.consistency, over.signal));
    if (over.signal.reason instanceof engine.StatementError) throw over.signal.reason;
  } finally {
    stopScanWait();
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  }
}

function conditions(host: IndexWaitHost, consistency: ScanConsistency, signal: AbortSignal): Promise<void>[] {
  const { cluster } = host;
  if (consistency.kind !== 'at_plus') return indexesOf(cluster).map((indexes) => indexes.untilNow(signal));
  return [...vectorsByBucket(host, consistency)].flatMap(([bucket, vector]) =>
    [...(cluster.findBucket(bucket)?.indexes.all ?? [])].map((indexes) => indexes.untilSeqnos(vector, signal)),
  );
}

/** Vectors are named for keyspaces; the seqnos in them are those of the bucket. */
function* vectorsByBucket(
  { engine, keyspaces }: IndexWaitHost,
  { vectors, vector }: Extract<ScanConsistency, { kind: 'at_plus' }>,
): Generator<readonly [string, ScanVector]> {
  for (const [keyspace, each] of vectors) yield [bucketOf(keyspace), each];
  if (vector === undefined) return;
  if (keyspaces.size > 1) {
    const message =
      'The scan_vector parameter should not be used for queries accessing more than one keyspace. ' +
      `Use scan_vectors instead. Keyspaces: [${[...keyspaces.keys()].join(' ')}]`;
    throw new engine.StatementError(CODE_VECTORS, message);
  }
  for (const bucket of keyspaces.values()) yield [bucket, vector];
}

/** `b`, `default:b` or `default:b.s.c`. */
function bucketOf(keyspace: string): string {
  const path = keyspace.slice(keyspace.indexOf(':') + 1);
  const parts = path.split('.');
  return parts.length < 3 ? path : parts.slice(0, -2).join('.');
}

function indexesOf(cluster: QueryHost): CollectionIndexes[] {
  return cluster.bucketNames.flatMap((name) => [...(cluster.findBucket(name)?.indexes.all ?? [])]);
}

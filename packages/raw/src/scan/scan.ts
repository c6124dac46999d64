import { ArgumentError, MutationToken, type MutationTokenLike } from '@cb/protocol';
import { NO_NODE } from '@cb/protocol/internal';
import type { CompositeCall, CompositeSteps } from '../operation/composite.js';
import type { OperationContext } from '../operation/context.js';
import type { Operation } from '../operation/operation.js';
import { throwLater } from '../results/async-result.js';
import { checkBoolean, checkOptions, checkSignal, checkTimeout, describe } from '../values/argument-checks.js';
import type { ScanItem } from './scan-item.js';
import type { SnapshotRequirements } from './scan-operations.js';
import { type Extent, readScanType, type ScanType } from './scan-type.js';
import { type ScanPlan, type ScanTarget, VbucketScan } from './vbucket-scan.js';

/** Options of `scan`. */
export interface ScanOptions {
  /** Only the keys, without the documents. Default false. */
  readonly idsOnly?: boolean | undefined;
  /** Deliver values as the stored bytes, whatever their format; `flags` keep the format. Default false. */
  readonly noFormat?: boolean | undefined;
  /** Documents that one request asks for, 1 to 2^32 - 1. Default 50. */
  readonly batchItems?: number | undefined;
  /** Bytes that one request asks for, 1 to 2^32 - 1; a larger document comes whole. Default 15,000. */
  readonly batchBytes?: number | undefined;
  /** Vbuckets of one node (of all nodes, for a sample) that are scanned at the same time. Default 1. */
  readonly concurrency?: number | undefined;
  /** Mutations that the scan must see, as the tokens in their results. */
  readonly consistentWith?: MutationTokenLike | readonly MutationTokenLike[] | undefined;
  /** Milliseconds that servers may take to show anything more. The time that the caller takes is its own. Default 75,000. */
  readonly timeout?: number | undefined;
  /** Ends the scan when aborted: it fails with `CancelledError`. */
  readonly signal?: AbortSignal | undefined;
}

/** Takes the next documents; while a Promise that it returns is pending, no more of that vbucket is asked for. */
export type ScanHandler<T = unknown> = (items: ScanItem<T>[]) => void | Promise<void>;

const OPTIONS = [
  'idsOnly',
  'noFormat',
  'batchItems',
  'batchBytes',
  'concurrency',
  'consistentWith',
  'timeout',
  'signal',
] as const;

/** As the official SDKs have them. */
const BATCH_ITEMS = 50;
const BATCH_BYTES = 15_000;
const TIMEOUT_MS = 75_000;
/** Maximum duration of a batch, in milliseconds: the server goes through many keys that a sample leaves out. */
const BATCH_TIME_MS = 1000;
const U32_MAX = 0xffffffff;

/** Scans all vbuckets; the result is the number of documents that were delivered. */
export function scan<T>(
  context: OperationContext,
  type: ScanType,
  options: ScanOptions = {},
  onItems: ScanHandler<T>,
): CompositeCall<number> {
  const extent = readScanType(type);
  checkOptions('scan', options, OPTIONS);
  if (typeof onItems !== 'function') throw new ArgumentError(`onItems must be a function, not ${describe(onItems)}`);
  const plan: Omit<ScanPlan, 'extent'> = {
    context,
    limits: {
      items: checkCount(options.batchItems ?? BATCH_ITEMS, 'batchItems'),
      bytes: checkCount(options.batchBytes ?? BATCH_BYTES, 'batchBytes'),
      timeMs: BATCH_TIME_MS,
    },
    reading: {
      idsOnly: checkBoolean(options.idsOnly ?? false, 'idsOnly'),
      noFormat: checkBoolean(options.noFormat ?? false, 'noFormat'),
      transcoder: context.transcoder,
    },
    timeoutMs: checkTimeout(options.timeout ?? TIMEOUT_MS),
  };
  const concurrency = checkCount(options.concurrency ?? 1, 'concurrency');
  const requirements = checkTokens(options.consistentWith, plan.timeoutMs);
  return {
    name: 'scan',
    key: '',
    // Each answer has its deadline, but a scan as a whole goes on for as long as there are documents and readers.
    timeoutMs: Number.POSITIVE_INFINITY,
    signal: options.signal === undefined ? undefined : checkSignal(options.signal),
    idempotent: true,
    run(steps) {
      const seeded = withSeed(steps, extent);
      const target = new Delivery(steps, seeded, onItems as ScanHandler);
      return runScan(steps, { ...plan, extent: seeded }, requirements, concurrency, target);
    },
  };
}

async function runScan(
  steps: CompositeSteps,
  plan: ScanPlan,
  requirements: ReadonlyMap<number, SnapshotRequirements>,
  concurrency: number,
  target: Delivery,
): Promise<number> {
  const work = async (vbuckets: number[]): Promise<void> => {
    for (let next = vbuckets.shift(); next !== undefined && !target.isOver; next = vbuckets.shift()) {
      await new VbucketScan(steps, plan, next, requirements.get(next), target).run();
    }
  };
  const workers = vbucketsByNode(steps, plan.extent).flatMap((vbuckets) =>
    Array.from({ length: Math.min(concurrency, vbuckets.length) }, () =>
      work(vbuckets).catch((error) => target.fail(error)),
    ),
  );
  await Promise.all(workers);
  return target.finish();
}

/** Delivers the items to the application, as many as it requests. */
class Delivery implements ScanTarget {
  readonly underWay = new Set<Operation>();
  readonly #steps: CompositeSteps;
  readonly #onItems: ScanHandler;
  /** How many more are wanted. */
  #wanted: number;
  #delivered = 0;
  #isOver = false;
  #error: unknown = undefined;

  constructor(steps: CompositeSteps, extent: Extent, onItems: ScanHandler) {
    this.#steps = steps;
    this.#onItems = onItems;
    this.#wanted = 'samples' in extent ? extent.samples : Number.POSITIVE_INFINITY;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  async deliver(items: ScanItem[]): Promise<void> {
    if (this.#isOver) return;
    const wanted = items.slice(0, Math.min(items.length, this.#wanted));
    this.#wanted -= wanted.length;
    this.#delivered += wanted.length;
    if (this.#wanted === 0) this.#end();
    try {
      const dealtWith = this.#onItems(wanted);
      if (dealtWith !== undefined) await this.#steps.until(dealtWith.catch(throwLater));
    } catch (thrown) {
      if (this.#steps.isEnded) throw thrown;
      throwLater(thrown);
    }
  }

  /** Ends the scan with the first error that a vbucket could not get over. */
  fail(error: unknown): void {
    if (!this.#isOver) this.#error = error;
    this.#end();
  }

  /** How many were delivered, after the last one. */
  finish(): number {
    if (this.#error !== undefined) throw this.#error;
    return this.#delivered;
  }

  #end(): void {
    this.#isOver = true;
    for (const operation of this.underWay) operation.cancel();
  }
}

/** A sample without a seed has a random one: the same for all vbuckets, and for a vbucket that is asked again. */
function withSeed({ host }: CompositeSteps, extent: Extent): Extent {
  if (!('samples' in extent)) return extent;
  return { ...extent, seed: extent.seed ?? host.randomBytes(4).readUInt32BE(0) };
}

/**
 * The vbuckets of each node, whose scans go side by side. Those of a sample are one row, in an order that its seed
 * decides: the first ones make most of it, and it must be the same one each time.
 */
function vbucketsByNode({ host }: CompositeSteps, extent: Extent): number[][] {
  const map = host.cluster.map!;
  const order = Array.from({ length: map.vbuckets }, (_none, vbucket) => vbucket);
  if ('samples' in extent) {
    shuffle(order, extent.seed!);
    return [order];
  }
  const byNode = new Map<number, number[]>();
  for (const vbucket of order) {
    const node = map.activeOf(vbucket);
    // One without a node waits for it in parallel with the others.
    const vbuckets = byNode.get(node) ?? [];
    byNode.set(node, vbuckets);
    vbuckets.push(vbucket);
  }
  return [...byNode]
    .sort(([a], [b]) => (a === NO_NODE ? 1 : a) - (b === NO_NODE ? 1 : b))
    .map(([, vbuckets]) => vbuckets);
}

/** Fisher-Yates with a linear congruential generator (Numerical Recipes' numbers). */
function shuffle(items: number[], seed: number): void {
  let state = seed >>> 0;
  for (let end = items.length - 1; end > 0; end--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (end + 1));
    [items[end], items[other]] = [items[other]!, items[end]!];
  }
}

/** By vbucket, the latest of its tokens. */
function checkTokens(tokens: unknown, timeoutMs: number): ReadonlyMap<number, SnapshotRequirements> {
  const latest = new Map<number, SnapshotRequirements>();
  const all: readonly unknown[] = tokens === undefined ? [] : Array.isArray(tokens) ? tokens : [tokens];
  for (const given of all) {
    const { vbucket, uuid, seqno } = MutationToken.from(given, 'consistentWith');
    const known = latest.get(vbucket);
    if (known === undefined || known.seqno < seqno) latest.set(vbucket, { uuid, seqno, timeoutMs });
  }
  return latest;
}

function checkCount(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= U32_MAX) return value;
  throw new ArgumentError(`${name} must be a whole number from 1 to ${U32_MAX}, not ${describe(value)}`);
}

import { ArgumentError, MutationToken, type MutationTokenLike, vbucketOf } from '@cb/protocol';
import type { CompositeCall } from '../operation/composite.js';
import type { OperationContext } from '../operation/context.js';
import { checkEndurance } from '../operation/endurance.js';
import { type Cas, checkCas, checkKey, KEY_BYTES_MAX } from '../operation/options.js';
import { OperationResult, ValueResult } from '../results/results.js';
import { checkBoolean, checkOptions, checkTimeout } from '../values/argument-checks.js';
import { OBS_NOTFOUND, type ObserveInfo, observeCopy } from './observe.js';
import { placedReplicas } from './placed-copies.js';
import { type Awaited, untilDurable } from './until-durable.js';

/** Options of `endure`. */
export interface EndureOptions {
  /** How many nodes must have persisted the document: 0 to replicas + 1, -1 (the default) for all. */
  readonly persistTo?: number | undefined;
  /** How many replicas must have it: 0 to the number of replicas, -1 (the default) for all. */
  readonly replicateTo?: number | undefined;
  /** The CAS that the document must have. Default 0n: any. */
  readonly cas?: Cas;
  /** Wait for the document to be gone instead. Default false. */
  readonly checkRemoved?: boolean | undefined;
  /** Wait for this mutation, whatever has happened to the document since. Needed outside of the default collection. */
  readonly token?: MutationTokenLike | undefined;
  /** Milliseconds until `TimeoutError`. Default: `durability_timeout` of the connection string, 5,000. */
  readonly timeout?: number | undefined;
  /** Milliseconds from one round of asking to the next. Default: `durability_interval` of the connection string, 10. */
  readonly interval?: number | undefined;
}

/** Options of `observe`. */
export interface ObserveOptions {
  /** Ask only the node with the active copy. Default false. */
  readonly masterOnly?: boolean | undefined;
  /** Milliseconds. Default: the bucket's `timeout`. */
  readonly timeout?: number | undefined;
}

const ENDURE_OPTIONS = ['persistTo', 'replicateTo', 'cas', 'checkRemoved', 'token', 'timeout', 'interval'] as const;
const OBSERVE_OPTIONS = ['masterOnly', 'timeout'] as const;

export function endure(
  context: OperationContext,
  key: string,
  options: EndureOptions = {},
): CompositeCall<OperationResult> {
  checkKey(key, KEY_BYTES_MAX);
  checkOptions('endure', options, ENDURE_OPTIONS);
  const { persistTo = -1, replicateTo = -1, checkRemoved = false } = options;
  const cas = 'cas' in options ? checkCas(options.cas) : 0n;
  const demands = checkEndurance({ persistTo, replicateTo }, context.replicas);
  const interval = checkTimeout(options.interval ?? context.endureIntervalMs, 'interval');
  const removed = checkBoolean(checkRemoved, 'checkRemoved');
  const token = options.token === undefined ? undefined : MutationToken.from(options.token);
  if (token === undefined) checkObservable(context, 'endure without a token');
  const awaited: Awaited = token === undefined ? { key, cas, removed } : { token };
  return {
    name: 'endure',
    key,
    timeoutMs: checkTimeout(options.timeout ?? context.endureTimeoutMs),
    async run(steps) {
      await untilDurable(steps, context, demands, awaited, interval);
      return new OperationResult(key, 0, Number(cas >> 32n), Number(cas & 0xffffffffn), token);
    },
  };
}

export function observe(
  context: OperationContext,
  key: string,
  options: ObserveOptions = {},
): CompositeCall<ValueResult<ObserveInfo[]>> {
  checkKey(key, KEY_BYTES_MAX);
  checkOptions('observe', options, OBSERVE_OPTIONS);
  checkObservable(context, 'observe');
  const masterOnly = checkBoolean(options.masterOnly ?? false, 'masterOnly');
  return {
    name: 'observe',
    key,
    timeoutMs: checkTimeout(options.timeout ?? context.timeoutMs),
    async run(steps) {
      const { vbuckets } = steps.host.cluster.map!;
      const replicas = masterOnly ? [] : placedReplicas(steps, vbucketOf(key, vbuckets));
      const asked = [0, ...replicas].map((replica) => steps.issue(observeCopy(context, key, replica)));
      const answers = await Promise.allSettled(asked);
      const infos = answers.filter((each) => each.status === 'fulfilled').map(({ value }) => value.info);
      // A replica need not answer; the active copy must.
      const [active] = answers;
      if (active?.status === 'rejected') throw active.reason;
      const cas = infos[0]?.flags === OBS_NOTFOUND ? 0n : (infos[0]?.cas ?? 0n);
      return new ValueResult(key, 0, Number(cas >> 32n), Number(cas & 0xffffffffn), undefined, infos, 0);
    },
  };
}

/** The OBSERVE command knows no collections (kv_engine docs/BinaryProtocol.md). */
function checkObservable(context: OperationContext, what: string): void {
  if (context.collection !== undefined) throw new ArgumentError(`${what} works in the default collection only`);
}

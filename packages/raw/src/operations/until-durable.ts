import { type MutationToken, MutationTokenOutdatedError, Opcode, vbucketOf } from '@cb/protocol';
import type { CompositeCall, CompositeSteps } from '../operation/composite.js';
import type { OperationContext } from '../operation/context.js';
import type { Endurance } from '../operation/endurance.js';
import type { Operation } from '../operation/operation.js';
import { notDurable } from '../operation/operation-errors.js';
import type { AsyncResult, Errback } from '../results/async-result.js';
import type { OperationResult, Result } from '../results/results.js';
import {
  OBS_FOUND,
  OBS_NOTFOUND,
  OBS_PERSISTED,
  type ObserveInfo,
  type ObserveResult,
  observeCopy,
} from './observe.js';
import { type ObserveSeqnoResult, observeSeqnoCopy } from './observe-seqno.js';
import { placedReplicas } from './placed-copies.js';

/** What must have arrived at the nodes: a mutation by its token, or a state of a document. */
export type Awaited =
  | { readonly token: MutationToken }
  | {
      readonly key: string;
      /** 0n for whatever it is. */
      readonly cas: bigint;
      readonly removed: boolean;
    };

/** How one node stands. */
interface CopyState {
  readonly replicated: boolean;
  readonly persisted: boolean;
}

const NOT_YET: CopyState = { replicated: false, persisted: false };

/**
 * Ends when enough nodes have the mutation: asks all of them, round after round. Nodes that do not answer do not count.
 * @throws TimeoutError at the deadline of the steps, MutationTokenOutdatedError when a failover lost the mutation.
 */
export async function untilDurable(
  steps: CompositeSteps,
  context: OperationContext,
  { persistTo, replicateTo }: Endurance,
  awaited: Awaited,
  intervalMs: number,
): Promise<void> {
  while (!(await enough(steps, context, { persistTo, replicateTo }, awaited))) await steps.sleep(intervalMs);
}

/** The means to make a mutation durable that was carried out. */
export interface EnduringHost {
  readonly context: OperationContext;
  /** Milliseconds that are left of the operation's time. */
  readonly remainingMs: number;
  compose<R>(call: CompositeCall<R>): AsyncResult<R>;
}

/** The operation was carried out; its result is delivered when enough nodes have it. */
export function endureStored(operation: Operation, result: Result, host: EnduringHost): void {
  const { mutationToken: token, cas } = result as OperationResult;
  const { key, endurance } = operation;
  const awaited = token === undefined ? { key, cas, removed: operation.opcode === Opcode.Delete } : { token };
  const wait = host.compose({
    name: operation.spec.name,
    key,
    timeoutMs: host.remainingMs,
    run: (steps) => untilDurable(steps, host.context, endurance!, awaited, host.context.endureIntervalMs),
  });
  operation.holder = { release: () => wait.cancel() };
  const failed: Errback = (_result, _errorClass, error) => {
    if (operation.state !== 'settled') operation.fail(notDurable(operation, error));
  };
  wait.setCallbacks(() => operation.succeed(result), failed);
}

/** One round: whether enough nodes have it. It ends as soon as they have, even if others do not answer. */
async function enough(
  steps: CompositeSteps,
  context: OperationContext,
  { persistTo, replicateTo }: Endurance,
  awaited: Awaited,
): Promise<boolean> {
  const questions = placedCopies(steps, awaited).map((replica) => questionTo(context, awaited, replica));
  let persisted = 0;
  let replicated = 0;
  const isEnough = (): boolean => persisted >= persistTo && replicated >= replicateTo;
  try {
    return await new Promise<boolean>((resolve, reject) => {
      const answers = questions.map(async (question) => {
        const state = await copyState(steps, question, awaited);
        if (state.persisted) persisted++;
        if (state.replicated && question.replica > 0) replicated++;
        if (isEnough()) resolve(true);
      });
      Promise.all(answers).then(() => resolve(isEnough()), reject);
    });
  } finally {
    // One that could not be sent before the deadline is not waited for.
    for (const question of questions) if (question.state !== 'idle') question.cancel();
  }
}

/** The active copy, and the replicas that have a node now. */
function placedCopies(steps: CompositeSteps, awaited: Awaited): number[] {
  const { vbuckets } = steps.host.cluster.map!;
  return [0, ...placedReplicas(steps, 'token' in awaited ? awaited.token.vbucket : vbucketOf(awaited.key, vbuckets))];
}

function questionTo(
  context: OperationContext,
  awaited: Awaited,
  replica: number,
): Operation<ObserveSeqnoResult | ObserveResult> {
  return 'token' in awaited
    ? observeSeqnoCopy(context, awaited.token, replica)
    : observeCopy(context, awaited.key, replica);
}

async function copyState(
  steps: CompositeSteps,
  question: Operation<ObserveSeqnoResult | ObserveResult>,
  awaited: Awaited,
): Promise<CopyState> {
  try {
    const answer = await steps.issue(question);
    return 'token' in awaited
      ? seqnoState(answer as ObserveSeqnoResult, awaited.token)
      : documentState((answer as ObserveResult).info, awaited.cas, awaited.removed);
  } catch (error) {
    if (error instanceof MutationTokenOutdatedError) throw error;
    return NOT_YET;
  }
}

function seqnoState(result: ObserveSeqnoResult, { seqno }: MutationToken): CopyState {
  const { currentSeqno, persistedSeqno, lastSharedSeqno } = result;
  if (lastSharedSeqno !== undefined && lastSharedSeqno < seqno) {
    throw new MutationTokenOutdatedError('the mutation was lost in a failover');
  }
  return { replicated: currentSeqno >= seqno, persisted: persistedSeqno >= seqno };
}

function documentState({ flags, cas }: ObserveInfo, wanted: bigint, removed: boolean): CopyState {
  const isThere = flags === OBS_FOUND || flags === OBS_PERSISTED;
  if (removed) return { replicated: !isThere, persisted: flags === OBS_NOTFOUND };
  const isWanted = isThere && (wanted === 0n || cas === wanted);
  return { replicated: isWanted, persisted: isWanted && flags === OBS_PERSISTED };
}

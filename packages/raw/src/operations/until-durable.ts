import { type MutationToken, MutationTokenOutdatedError } from '@cb/protocol';
import type { CompositeSteps } from '../composite.js';
import type { OperationContext } from './context.js';
import type { Endurance } from './durability.js';
import { OBS_FOUND, OBS_NOTFOUND, OBS_PERSISTED, type ObserveInfo, observeCopy } from './observe.js';
import { type ObserveSeqnoResult, observeSeqnoCopy } from './observe-seqno.js';

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
  for (;;) {
    const copies = Array.from({ length: context.replicas + 1 }, (_none, replica) =>
      copyState(steps, context, awaited, replica),
    );
    const [active, ...replicas] = await Promise.all(copies);
    const persisted = [active!, ...replicas].filter((state) => state.persisted).length;
    const replicated = replicas.filter((state) => state.replicated).length;
    if (persisted >= persistTo && replicated >= replicateTo) return;
    await steps.sleep(intervalMs);
  }
}

async function copyState(
  steps: CompositeSteps,
  context: OperationContext,
  awaited: Awaited,
  replica: number,
): Promise<CopyState> {
  try {
    if ('token' in awaited) {
      return seqnoState(await steps.issue(observeSeqnoCopy(context, awaited.token, replica)), awaited.token);
    }
    const { info } = await steps.issue(observeCopy(context, awaited.key, replica));
    return documentState(info, awaited.cas, awaited.removed);
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

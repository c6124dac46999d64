import {
  type Frame,
  type FrameWriter,
  MutationToken,
  type MutationTokenLike,
  Opcode,
  ProtocolError,
} from '@cb/protocol';
import { u32, u64 } from '@cb/protocol/internal';
import type { CompositeCall } from '../operation/composite.js';
import type { OperationContext } from '../operation/context.js';
import { Operation, type OperationSpec } from '../operation/operation.js';
import { Result } from '../results/results.js';
import { checkOptions, checkTimeout } from '../values/argument-checks.js';
import { placedReplicas } from './placed-copies.js';

/** How far one node is with a vbucket. */
export class ObserveSeqnoResult extends Result {
  /** The history that the node has now. */
  readonly uuid: bigint;
  /** The last mutation that is persisted. */
  readonly persistedSeqno: bigint;
  /** The last mutation in memory. */
  readonly currentSeqno: bigint;
  /** After a failover: the last mutation that the node shares with the history asked about; later ones are lost. */
  readonly lastSharedSeqno: bigint | undefined;

  constructor(uuid: bigint, persistedSeqno: bigint, currentSeqno: bigint, lastSharedSeqno: bigint | undefined) {
    super('', 0);
    this.uuid = uuid;
    this.persistedSeqno = persistedSeqno;
    this.currentSeqno = currentSeqno;
    this.lastSharedSeqno = lastSharedSeqno;
  }
}

/** Source: kv_engine docs/BinaryProtocol.md, Observe Seqno. Without and with a failover since. */
const BYTES = 27;
const FAILOVER_BYTES = 43;

const observeSeqnoSpec: OperationSpec<ObserveSeqnoResult> = {
  name: 'observeSeqno',
  opcode: Opcode.ObserveSeqno,
  idempotent: true,
  route: 'vbucket',
  quiet: false,
  value(operation: Operation, writer: FrameWriter): void {
    writer.u64((operation.argument as MutationToken).uuid);
  },
  result(_operation: Operation, frame: Frame): ObserveSeqnoResult {
    const { bytes, valueStart: at, valueLength } = frame;
    const failedOver = valueLength > 0 && bytes[at] === 1;
    if (valueLength !== (failedOver ? FAILOVER_BYTES : BYTES)) {
      throw new ProtocolError(`the answer to observeSeqno has ${valueLength} bytes, not ${BYTES} or ${FAILOVER_BYTES}`);
    }
    return new ObserveSeqnoResult(
      u64At(bytes, at + 3),
      u64At(bytes, at + 11),
      u64At(bytes, at + 19),
      failedOver ? u64At(bytes, at + 35) : undefined,
    );
  },
};

/** Asks the node with one copy of the token's vbucket: 0 the active one, n the n-th replica. */
export function observeSeqnoCopy(
  context: OperationContext,
  token: MutationToken,
  replica: number,
): Operation<ObserveSeqnoResult> {
  const operation = new Operation(observeSeqnoSpec, '', context.transcoder);
  operation.vbucket = token.vbucket;
  operation.replica = replica;
  operation.argument = token;
  operation.timeoutMs = context.timeoutMs;
  return operation;
}

/** Options of `observeSeqno`. */
export interface ObserveSeqnoOptions {
  /** Milliseconds. Default: the bucket's `timeout`. */
  readonly timeout?: number | undefined;
}

/** Asks all nodes with a copy of the token's vbucket; the active one must answer. */
export function observeSeqno(
  context: OperationContext,
  given: MutationTokenLike,
  options: ObserveSeqnoOptions = {},
): CompositeCall<ObserveSeqnoResult[]> {
  const token = MutationToken.from(given);
  checkOptions('observeSeqno', options, ['timeout']);
  return {
    name: 'observeSeqno',
    key: '',
    timeoutMs: checkTimeout(options.timeout ?? context.timeoutMs),
    async run(steps) {
      const copies = [0, ...placedReplicas(steps, token.vbucket)];
      const asked = copies.map((replica) => steps.issue(observeSeqnoCopy(context, token, replica)));
      const [active, ...replicas] = await Promise.allSettled(asked);
      if (active?.status !== 'fulfilled') throw active?.reason;
      return [active, ...replicas].filter((each) => each.status === 'fulfilled').map(({ value }) => value);
    },
  };
}

function u64At(bytes: Buffer, at: number): bigint {
  return u64(u32(bytes, at), u32(bytes, at + 4));
}

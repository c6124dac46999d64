import { BODY_BYTES_MAX, Datatype, type Frame, type FrameWriter, Opcode, ProtocolError, Status } from '@cb/protocol';
import type { OperationContext } from '../operation/context.js';
import { Operation, type OperationSpec } from '../operation/operation.js';
import { Result } from '../results/results.js';
import { type ItemReading, readItems, type ScannedItem } from './scan-item.js';
import type { Extent } from './scan-type.js';

/*
 * The three commands of a scan of one vbucket. Source: kv_engine docs/range_scans.
 */

const ID_BYTES = 16;

/** What the vbucket must have persisted before the scan begins. */
export interface SnapshotRequirements {
  readonly uuid: bigint;
  readonly seqno: bigint;
  /** How long the server waits for it. */
  readonly timeoutMs: number;
}

export interface ScanCreation {
  readonly extent: Extent;
  readonly idsOnly: boolean;
  readonly requirements: SnapshotRequirements | undefined;
}

/** A scan that stands open at a node; without an id there is nothing to show. */
class ScanOpened extends Result {
  readonly id: Buffer | undefined;

  constructor(id: Buffer | undefined) {
    super('', 0);
    this.id = id;
  }
}

const createSpec: OperationSpec<ScanOpened> = {
  name: 'scan',
  opcode: Opcode.RangeScanCreate,
  idempotent: true,
  route: 'vbucket',
  quiet: false,
  accepts: (status) => status === Status.KeyNotFound,
  value(operation: Operation, writer: FrameWriter): void {
    writer.utf8(JSON.stringify(creationJson(operation.argument as ScanCreation, operation.collectionId)));
  },
  result(_operation: Operation, frame: Frame): ScanOpened {
    if (frame.status === Status.KeyNotFound) return new ScanOpened(undefined);
    if (frame.valueLength !== ID_BYTES) {
      throw new ProtocolError(`the id of a scan has ${frame.valueLength} bytes, not ${ID_BYTES}`);
    }
    return new ScanOpened(Buffer.from(frame.value));
  },
};

function creationJson({ extent, idsOnly, requirements }: ScanCreation, collectionId: number): object {
  const of =
    'samples' in extent
      ? { sampling: extent }
      : {
          range: {
            [extent.from.exclusive ? 'excl_start' : 'start']: extent.from.key.toString('base64'),
            [extent.to.exclusive ? 'excl_end' : 'end']: extent.to.key.toString('base64'),
          },
        };
  return {
    collection: collectionId.toString(16),
    key_only: idsOnly,
    ...of,
    ...(requirements !== undefined && {
      snapshot_requirements: {
        vb_uuid: String(requirements.uuid),
        seqno: Number(requirements.seqno),
        timeout_ms: requirements.timeoutMs,
      },
    }),
  };
}

/** Opens a scan of one vbucket. */
export function openScan(context: OperationContext, vbucket: number, creation: ScanCreation): Operation<ScanOpened> {
  const operation = scanOperation(createSpec, context, vbucket, creation);
  operation.datatype = Datatype.Json;
  return operation;
}

/** How much one request asks for; 0 for no limit. */
export interface BatchLimits {
  readonly items: number;
  readonly bytes: number;
  readonly timeMs: number;
}

interface Continuation {
  readonly id: Buffer;
  readonly limits: BatchLimits;
  readonly reading: ItemReading;
  /** The items so far, which are valid even when the operation fails later. */
  readonly items: ScannedItem[];
  /** How much more may come. */
  bytesLeft: number;
}

/** The end of one batch. */
class BatchEnd extends Result {
  /** Whether the scan has shown all that it has. */
  readonly isComplete: boolean;

  constructor(isComplete: boolean) {
    super('', 0);
    this.isComplete = isComplete;
  }
}

const continueSpec: OperationSpec<BatchEnd> = {
  name: 'scan',
  opcode: Opcode.RangeScanContinue,
  // Items in flight when a connection broke are lost, and are not sent again.
  idempotent: false,
  route: 'vbucket',
  quiet: false,
  accepts: (status) => status === Status.RangeScanMore || status === Status.RangeScanComplete,
  extras(operation: Operation, writer: FrameWriter): void {
    const { id, limits } = operation.argument as Continuation;
    writer.raw(id);
    writer.u32(limits.items);
    writer.u32(limits.timeMs);
    writer.u32(limits.bytes);
  },
  more(operation: Operation, frame: Frame): boolean {
    const continuation = operation.argument as Continuation;
    const { items, reading } = continuation;
    continuation.bytesLeft -= frame.bodyLength;
    if (continuation.bytesLeft < 0) throw new ProtocolError('a scan answers far more than was asked for at a time');
    for (const item of readItems(frame, reading)) items.push(item);
    return frame.status === Status.Success;
  },
  result: (_operation: Operation, frame: Frame): BatchEnd => new BatchEnd(frame.status === Status.RangeScanComplete),
};

/** Asks for more of an open scan; `items` fill as answers arrive. */
export function continueScan(
  context: OperationContext,
  vbucket: number,
  id: Buffer,
  limits: BatchLimits,
  reading: ItemReading,
): { readonly operation: Operation<BatchEnd>; readonly items: readonly ScannedItem[] } {
  const items: ScannedItem[] = [];
  const argument: Continuation = { id, limits, reading, items, bytesLeft: limits.bytes + BODY_BYTES_MAX };
  return { operation: scanOperation(continueSpec, context, vbucket, argument), items };
}

const cancelSpec: OperationSpec<Result> = {
  name: 'scan',
  opcode: Opcode.RangeScanCancel,
  idempotent: true,
  route: 'vbucket',
  quiet: false,
  extras(operation: Operation, writer: FrameWriter): void {
    writer.raw(operation.argument as Buffer);
  },
  result: () => new Result('', 0),
};

/** Cancels a scan at its node. */
export function cancelScan(context: OperationContext, vbucket: number, id: Buffer): Operation<Result> {
  const operation = scanOperation(cancelSpec, context, vbucket, id);
  operation.timeoutMs = context.timeoutMs;
  return operation;
}

function scanOperation<R extends Result>(
  spec: OperationSpec<R>,
  context: OperationContext,
  vbucket: number,
  argument: unknown,
): Operation<R> {
  const operation = new Operation(spec, '', context.transcoder);
  operation.vbucket = vbucket;
  operation.collection = context.collection;
  operation.argument = argument;
  return operation;
}

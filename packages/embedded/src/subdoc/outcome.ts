import { Datatype, Status } from '@cb/protocol';
import type { DocumentChange } from './document.js';
import { PathFlag } from './operation.js';
import { NOTHING } from './path-operation.js';
import type { Spec } from './subdoc-command.js';

/** The outcome of one spec. */
export interface SpecResult {
  readonly status: number;
  readonly value: Buffer;
}

/** The outcome of a command: the reply, and what to store before it may be sent. */
export interface SubdocOutcome {
  readonly status: number;
  /** The reason, for the extended error. */
  readonly context?: string;
  readonly value: Buffer;
  /** Bits of `Datatype` of the reply's value. */
  readonly datatype: number;
  /** The reply's CAS, when nothing is to be stored; a stored change replies with the new one. */
  readonly cas: bigint;
  readonly change: DocumentChange | undefined;
}

/** A refusal, with nothing to store. */
export function refusal(status: number, context?: string): SubdocOutcome {
  const outcome = { status, value: NOTHING, datatype: Datatype.Raw, cas: 0n, change: undefined };
  return context === undefined ? outcome : { ...outcome, context };
}

/** The reply of a lookup that was carried out, with or without success. */
export function lookupOutcome(
  isMulti: boolean,
  specs: readonly Spec[],
  results: readonly SpecResult[],
  { cas, deleted }: { cas: bigint; deleted: boolean },
): SubdocOutcome {
  const failed = results.some(({ status }) => status !== Status.Success);
  if (!isMulti) {
    const [{ operation, flags }, { status, value }] = [specs[0]!, results[0]!];
    if (failed) return refusal(status);
    return {
      status: deleted ? Status.SubdocSuccessDeleted : Status.Success,
      value,
      datatype: operation.replies && !(flags & PathFlag.Binary) ? Datatype.Json : Datatype.Raw,
      cas,
      change: undefined,
    };
  }
  let status: number = deleted ? Status.SubdocSuccessDeleted : Status.Success;
  if (failed) status = deleted ? Status.SubdocMultiPathFailureDeleted : Status.SubdocMultiPathFailure;
  return { status, value: encodeLookups(results), datatype: Datatype.Raw, cas, change: undefined };
}

/** Per spec: status u16, length u32, value. */
function encodeLookups(results: readonly SpecResult[]): Buffer {
  return Buffer.concat(
    results.flatMap(({ status, value }) => {
      const head = Buffer.alloc(6);
      head.writeUInt16BE(status, 0);
      head.writeUInt32BE(value.length, 2);
      return [head, value];
    }),
  );
}

/** The reply of a mutation one of whose specs failed: alone its status, among several also which it was. */
export function mutationFailure(isMulti: boolean, index: number, status: number): SubdocOutcome {
  if (!isMulti) return refusal(status);
  const value = Buffer.alloc(3);
  value.writeUInt8(index, 0);
  value.writeUInt16BE(status, 1);
  return { ...refusal(Status.SubdocMultiPathFailure), value };
}

/** The reply of a mutation, once its change is stored. */
export function mutationOutcome(
  isMulti: boolean,
  specs: readonly Spec[],
  results: readonly SpecResult[],
  change: DocumentChange,
  deleted: boolean,
): SubdocOutcome {
  return {
    status: deleted ? Status.SubdocSuccessDeleted : Status.Success,
    value: isMulti ? encodeMutations(results) : results[0]!.value,
    datatype: !isMulti && specs[0]!.operation.replies ? Datatype.Json : Datatype.Raw,
    cas: 0n,
    change,
  };
}

/** Only for specs that report something: index u8, status u16, length u32, value. */
function encodeMutations(results: readonly SpecResult[]): Buffer {
  return Buffer.concat(
    results.flatMap(({ status, value }, index) => {
      if (value.length === 0) return [];
      const head = Buffer.alloc(7);
      head.writeUInt8(index, 0);
      head.writeUInt16BE(status, 1);
      head.writeUInt32BE(value.length, 3);
      return [head, value];
    }),
  );
}

import {
  type CouchbaseError,
  type Frame,
  Opcode,
  ProtocolError,
  Status,
  statusError,
  ValueFormatError,
} from '@cb/protocol';
import { u32 } from '@cb/protocol/internal';
import type { Operation } from '../operation/operation.js';
import type { SubdocRequest } from './request.js';
import { SubdocEntry } from './result.js';
import type { SubdocSpec } from './spec.js';

/*
 * Reads the bodies of multi lookups and multi mutations (kv_engine docs/SubDocument.md, "Multi-path Commands"). A body
 * that does not agree with itself or with the request is a `ProtocolError`: nothing beyond it is ever read.
 */

const STATUSES: ReadonlySet<number> = new Set(Object.values(Status));

/** The answers to a lookup, in the caller's order: for each on the wire status u16, length u32, value. */
export function readLookups(operation: Operation, request: SubdocRequest, frame: Frame): SubdocEntry[] {
  const { bytes, end } = frame;
  const entries: SubdocEntry[] = [];
  let at = frame.valueStart;
  for (const index of request.order) {
    if (at + 6 > end) throw malformed(operation, `ends before result ${index}`);
    const status = bytes.readUInt16BE(at);
    const valueAt = at + 6;
    at = valueAt + u32(bytes, at + 2);
    if (at > end) throw malformed(operation, `has a result ${index} that is longer than the rest`);
    checkStatus(operation, status, index);
    const value = status === Status.Success ? bytes.subarray(valueAt, at) : undefined;
    entries[index] = entryOf(operation, request.specs[index]!, index, status, value);
  }
  if (at < end) throw malformed(operation, `has ${end - at} bytes more than its results`);
  return entries;
}

/** The answers to a mutation that was carried out: index u8, status u16, length u32, value, of those that have a value. */
export function readMutations(operation: Operation, request: SubdocRequest, frame: Frame): SubdocEntry[] {
  const { bytes, end } = frame;
  const values = new Map<number, Buffer>();
  for (let at = frame.valueStart; at < end; ) {
    if (at + 7 > end) throw malformed(operation, 'ends within a result');
    const index = indexAt(operation, request, bytes[at]!);
    const status = bytes.readUInt16BE(at + 1);
    const valueAt = at + 7;
    at = valueAt + u32(bytes, at + 3);
    if (at > end) throw malformed(operation, `has a result ${index} that is longer than the rest`);
    if (status !== Status.Success || values.has(index))
      throw malformed(operation, `contradicts itself at result ${index}`);
    values.set(index, bytes.subarray(valueAt, at));
  }
  return request.specs.map((spec, index) => {
    const value = values.get(index);
    if (spec.read !== undefined && value === undefined) throw malformed(operation, `has no result ${index}`);
    return entryOf(operation, spec, index, Status.Success, value);
  });
}

/** The error of the first operation that failed in a mutation: the body is its index u8 and status u16. */
export function readMutationFailure(operation: Operation, request: SubdocRequest, frame: Frame): CouchbaseError {
  const { bytes, valueStart: at, valueLength } = frame;
  if (valueLength !== 3) throw malformed(operation, `says what failed in ${valueLength} bytes, not 3`);
  const index = indexAt(operation, request, bytes[at]!);
  const status = bytes.readUInt16BE(at + 1);
  checkStatus(operation, status, index);
  if (status === Status.Success) throw malformed(operation, `says that operation ${index} failed with success`);
  return statusError(status, { ...operation.details(), path: request.specs[index]!.path, index });
}

function entryOf(
  operation: Operation,
  { opcode, path, read }: SubdocSpec,
  index: number,
  status: number,
  value: Buffer | undefined,
): SubdocEntry {
  const details = { ...operation.details(), index };
  // Of whether there is something, that there is nothing is an answer.
  if (opcode === Opcode.SubdocExists && status === Status.SubdocPathNotFound)
    return new SubdocEntry<unknown>(path, status, false, details);
  if (value === undefined || read === undefined) return new SubdocEntry<unknown>(path, status, undefined, details);
  try {
    return new SubdocEntry(path, status, read(value, operation.transcoder), details);
  } catch (cause) {
    if (cause instanceof ProtocolError) throw new ProtocolError(cause.message, { ...details, path, cause });
    const message = `the value at ${JSON.stringify(path)} of ${JSON.stringify(operation.key)} is not JSON`;
    const failure = new ValueFormatError(message, { ...details, path, cause });
    return new SubdocEntry<unknown>(path, status, undefined, details, failure);
  }
}

/** The caller's index of a place on the wire. */
function indexAt(operation: Operation, { order }: SubdocRequest, place: number): number {
  const index = order[place];
  if (index === undefined) throw malformed(operation, `is about operation ${place} of ${order.length}`);
  return index;
}

/** There is no error map for statuses within an answer that another version of the server may have. */
function checkStatus(operation: Operation, status: number, index: number): void {
  if (!STATUSES.has(status)) throw malformed(operation, `has the unknown status 0x${status.toString(16)} at ${index}`);
}

function malformed(operation: Operation, how: string): ProtocolError {
  return new ProtocolError(`the answer to ${operation.spec.name} ${how}`, operation.details());
}

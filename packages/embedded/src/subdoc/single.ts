import type { Refusal } from '../base/refusal.js';
import { DocFlag, type Operation, PathFlag } from './operation.js';
import { PATH_BYTES_MAX } from './path.js';
import {
  type CommandLimits,
  checkDocFlags,
  checkFlags,
  checkReplicaRead,
  checkValuePresence,
  hasUnknownFlags,
  invalid,
  type Spec,
  type SubdocCommand,
  XattrRules,
} from './subdoc-command.js';

/**
 * Bytes of extras that a command with one path may have: path length u16, flags u8 [expiry u32 [user flags u32]]
 * [document flags u8]. Source: kv_engine daemon/subdocument_parser.h.
 */
const SIZES_7_2 = [3, 4, 7, 8];
const SIZES = [...SIZES_7_2, 11, 12];

/** A request's parts, in place. */
export interface SubdocRequest {
  readonly extras: Buffer;
  readonly value: Buffer;
  readonly cas: bigint;
}

/** Reads a command with a single path; the checks come in the server's order. */
export function parseSingle(
  operation: Operation,
  request: SubdocRequest,
  limits: CommandLimits,
): SubdocCommand | Refusal {
  const { extras, cas } = request;
  const size = extras.length;
  const isKnownSize = (limits.userFlags ? SIZES : SIZES_7_2).includes(size);
  const docFlags = isKnownSize && size % 4 === 0 ? extras[size - 1]! : 0;
  if (!isKnownSize || hasUnknownFlags(docFlags, limits)) return invalid('Invalid extras section');
  const pathLength = extras.readUInt16BE(0);
  if (pathLength > PATH_BYTES_MAX) return invalid('Request path length exceeds maximum');
  if (pathLength > request.value.length) return invalid("Path length can't exceed value");
  const path = request.value.subarray(0, pathLength);
  const spec: Spec = { operation, flags: extras[2]!, path, value: request.value.subarray(pathLength) };
  const refusal = checkSpec(spec, docFlags, cas, limits);
  if (refusal !== undefined) return refusal;
  if (size >= 7 && !operation.mutates) return invalid('Request extras invalid');
  return {
    isMulti: false,
    mutates: operation.mutates,
    docFlags,
    expiry: size >= 7 ? extras.readUInt32BE(3) : 0,
    userFlags: size >= 11 ? extras.readUInt32BE(7) : undefined,
    cas,
    specs: [spec],
  };
}

function checkSpec(spec: Spec, docFlags: number, cas: bigint, limits: CommandLimits): Refusal | undefined {
  const { operation, flags, path } = spec;
  return (
    checkValuePresence(spec) ??
    checkFlags(operation, flags, docFlags, limits) ??
    checkCreation(flags, docFlags) ??
    checkReplicaRead(docFlags, limits) ??
    checkDocFlags(docFlags, cas) ??
    new XattrRules(limits).check(spec) ??
    (path.length === 0 && !operation.mayHaveEmptyPath ? invalid('Request must include path') : undefined)
  );
}

function checkCreation(flags: number, docFlags: number): Refusal | undefined {
  if (!(docFlags & DocFlag.CreateAsDeleted)) return undefined;
  if (!(docFlags & (DocFlag.Add | DocFlag.Mkdoc))) return invalid('CreateAsDeleted requires Mkdoc or Add');
  return flags & PathFlag.Xattr ? undefined : invalid('CreateAsDeleted does not support body path');
}

import { Datatype, Opcode, Status } from '@cb/protocol';
import { u32 } from '@cb/protocol/internal';
import { Privilege } from '../../auth/privilege.js';
import type { Refusal } from '../../base/refusal.js';
import { prevails, type VersionMeta } from '../../store/conflict.js';
import { Document } from '../../store/document.js';
import { systemXattrs, xattrSectionLength } from '../../store/xattr.js';
import type { Command } from '../command.js';
import { incomingBytes, isRefusal, refuse } from '../incoming-value.js';
import type { Request } from '../request.js';

/** Bits of the options, the fifth field of the extras. Source: kv_engine docs/BinaryProtocol.md, "0xa2 Set With Meta". */
const SKIP_CONFLICT_RESOLUTION = 1;
const REGENERATE_CAS = 4;

/** A write that brings its own revision and CAS, from another cluster or a backup. */
export const setWithMeta: Command = {
  opcode: Opcode.SetWithMeta,
  name: 'SET_WITH_META',
  scope: 'vbucket',
  shape: {
    extras: [24, 26, 28, 30],
    key: 'required',
    value: 'optional',
    cas: 'optional',
    datatypes: Datatype.Json | Datatype.Snappy | Datatype.Xattr,
    check: checkOptions,
  },
  privileges: [Privilege.MetaWrite],
  takesMemory: true,
  run: (request) => run(request, 'set'),
};

export const addWithMeta: Command = {
  ...setWithMeta,
  opcode: Opcode.AddWithMeta,
  name: 'ADD_WITH_META',
  run: (request) => run(request, 'add'),
};

export const deleteWithMeta: Command = {
  ...setWithMeta,
  opcode: Opcode.DeleteWithMeta,
  name: 'DEL_WITH_META',
  takesMemory: false,
  run: (request) => run(request, 'delete'),
};

export const setWithMetaQ: Command = quiet(setWithMeta, Opcode.SetWithMetaQ, 'SETQ_WITH_META');
export const addWithMetaQ: Command = quiet(addWithMeta, Opcode.AddWithMetaQ, 'ADDQ_WITH_META');
export const deleteWithMetaQ: Command = quiet(deleteWithMeta, Opcode.DeleteWithMetaQ, 'DELQ_WITH_META');

function quiet(command: Command, opcode: number, name: string): Command {
  return { ...command, opcode, name, quiet: 'success' };
}

function options({ frame }: Request): number {
  return frame.extrasLength >= 28 ? u32(frame.bytes, frame.extrasStart + 24) : 0;
}

function checkOptions(request: Request): Refusal | undefined {
  const given = options(request);
  if (!(given & REGENERATE_CAS) || given & SKIP_CONFLICT_RESOLUTION) return undefined;
  return { status: Status.Invalid, context: 'GenerateCas::Yes then we must have CheckConflicts::No' };
}

function run(request: Request, kind: 'set' | 'add' | 'delete'): void {
  const meta = readMeta(request);
  const stored = request.vbucket.stored(request.collection, request.key);
  const refusal = conflict(request, meta, stored, kind) || locallyRefused(request);
  if (refusal !== Status.Success) {
    request.reply(refusal);
    return;
  }
  const draft = readDraft(request, meta, stored, kind === 'delete');
  if (isRefusal(draft)) refuse(request, draft);
  else commit(request, draft, meta);
}

/** Revisions beyond 2^53 lose their lowest bits here; no document is written so often. */
function readMeta({ frame: { bytes, extrasStart: at } }: Request): VersionMeta {
  return {
    flags: u32(bytes, at),
    expiry: u32(bytes, at + 4),
    revision: u32(bytes, at + 8) * 0x1_0000_0000 + u32(bytes, at + 12),
    casHigh: u32(bytes, at + 16),
    casLow: u32(bytes, at + 20),
  };
}

function conflict(request: Request, meta: VersionMeta, stored: Document | undefined, kind: string): number {
  const { casHigh, casLow } = meta;
  const isReserved = (casHigh === 0 && casLow === 0) || (casHigh === 0xffffffff && casLow === 0xffffffff);
  if (isReserved) return Status.KeyExists;
  if (stored === undefined) return Status.Success;
  if (!(options(request) & SKIP_CONFLICT_RESOLUTION) && !prevails(meta, stored)) return Status.KeyExists;
  return kind === 'add' && !stored.deleted ? Status.KeyExists : Status.Success;
}

function locallyRefused({ vbucket, collection, key, frame }: Request): number {
  const current = vbucket.read(collection, key);
  return vbucket.refusal(collection, key, current, frame.casHigh, frame.casLow);
}

/** The document in the request: here the datatype is taken from the client, and xattrs may stand before the body. */
function readDraft(
  request: Request,
  meta: VersionMeta,
  stored: Document | undefined,
  deleted: boolean,
): Document | Refusal {
  const { frame, collection, key } = request;
  const whole = incomingBytes(request);
  if (isRefusal(whole)) return whole;
  const blob = Buffer.from(whole.subarray(0, whole.length - extendedMetaLength(request)));
  const hasXattrs = (frame.datatype & Datatype.Xattr) !== 0;
  const sectionLength = hasXattrs ? xattrSectionLength(blob) : 0;
  if (sectionLength === undefined) return { status: Status.Invalid, context: 'Xattr blob not valid' };
  const xattrs = sectionLength > 0 ? blob.subarray(0, sectionLength) : undefined;
  const value = deleted ? Buffer.alloc(0) : blob.subarray(sectionLength);
  const parts = {
    value,
    xattrs: deleted ? systemXattrs(xattrs ?? stored?.xattrs) : xattrs,
    datatype: deleted ? Datatype.Raw : frame.datatype & Datatype.Json,
    flags: meta.flags,
    expiry: meta.expiry,
  };
  if (blob.length > request.bucket.valueBytesMax) return { status: Status.TooBig };
  return new Document(collection, key, parts, deleted);
}

/** Length of further metadata at the end of the value, which is ignored here. */
function extendedMetaLength({ frame: { bytes, extrasStart, extrasLength, valueLength } }: Request): number {
  if (extrasLength !== 26 && extrasLength !== 30) return 0;
  return Math.min(bytes.readUInt16BE(extrasStart + extrasLength - 2), valueLength);
}

/** The answer has the CAS of the request, also where a new one was made. */
function commit(request: Request, draft: Document, { revision, casHigh, casLow }: VersionMeta): void {
  const { vbucket } = request;
  if (options(request) & REGENERATE_CAS) {
    vbucket.stamp(draft);
  } else {
    draft.casHigh = casHigh;
    draft.casLow = casLow;
    vbucket.observeCas(casHigh, casLow);
  }
  draft.revision = revision;
  vbucket.commitStamped(draft);
  if (request.command.quiet === 'success') return;
  const { uuidHigh, uuidLow } = vbucket.failoverLog.latest;
  request.replyMutation(uuidHigh, uuidLow, draft.seqno, casHigh, casLow);
}

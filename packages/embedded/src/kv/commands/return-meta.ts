import { Datatype, Opcode, Status } from '@cb/protocol';
import { u32 } from '@cb/protocol/internal';
import { Privilege } from '../../auth/privilege.js';
import type { Refusal } from '../../base/refusal.js';
import { Document, tombstone } from '../../store/document.js';
import { isJson } from '../../store/json.js';
import { systemXattrs } from '../../store/xattr.js';
import type { Command } from '../command.js';
import type { Request } from '../request.js';

/** What the first field of the extras asks for. */
const Kind = { Set: 1, Add: 2, Delete: 3 } as const;

/**
 * A write that is answered with the metadata of the new version. Source: kv_engine docs/BinaryProtocol.md, "Return
 * Meta"; the flags of the answer are in the byte order of a PC, unlike everything else, as the server sends them.
 */
export const returnMeta: Command = {
  opcode: Opcode.ReturnMeta,
  name: 'RETURN_META',
  scope: 'vbucket',
  shape: { extras: 12, key: 'required', value: 'optional', cas: 'optional', check: checkKind },
  privileges: [Privilege.MetaWrite],
  run,
};

function kindOf({ frame }: Request): number {
  return u32(frame.bytes, frame.extrasStart);
}

function checkKind(request: Request): Refusal | undefined {
  const kind = kindOf(request);
  const known = kind >= Kind.Set && kind <= Kind.Delete;
  return known ? undefined : { status: Status.Invalid, context: 'Invalid mode' };
}

function run(request: Request): void {
  const { vbucket, collection, key, frame } = request;
  const kind = kindOf(request);
  const current = vbucket.read(collection, key);
  const refusal = vbucket.refusal(collection, key, current, frame.casHigh, frame.casLow);
  if (kind === Kind.Add && current !== undefined) request.reply(Status.KeyExists);
  else if (refusal !== Status.Success) request.reply(refusal);
  else if (kind !== Kind.Delete) answer(request, vbucket.commit(readDraft(request, current)));
  else if (current === undefined) request.reply(Status.KeyNotFound);
  else answer(request, vbucket.commit(tombstone(current, systemXattrs(current.xattrs))));
}

function readDraft({ frame, bucket, collection, key }: Request, current: Document | undefined): Document {
  const { bytes, extrasStart } = frame;
  const value = Buffer.from(frame.value);
  return new Document(collection, key, {
    value,
    xattrs: current?.xattrs,
    datatype: isJson(value) ? Datatype.Json : Datatype.Raw,
    flags: u32(bytes, extrasStart + 4),
    expiry: bucket.expiry(u32(bytes, extrasStart + 8), collection),
  });
}

function answer(request: Request, document: Document): void {
  const flags = Buffer.alloc(4);
  flags.writeUInt32LE(document.flags);
  const writer = request.begin();
  writer.raw(flags);
  writer.u32(document.expiry);
  writer.u64(BigInt(document.revision));
  writer.endExtras();
  request.end(Status.Success, 0, document.casHigh, document.casLow);
}

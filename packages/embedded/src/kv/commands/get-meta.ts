import { Opcode, Status } from '@cb/protocol';
import { Privilege } from '../../auth/privilege.js';
import type { Refusal } from '../../base/refusal.js';
import type { Command } from '../command.js';
import type { Request } from '../request.js';

/** The extras byte that asks for the datatype too. */
const WITH_DATATYPE = 2;

/** Metadata of a document or of its tombstone. Source: kv_engine docs/BinaryProtocol.md, "0xa0 Get Meta". */
export const getMeta: Command = {
  opcode: Opcode.GetMeta,
  name: 'GET_META',
  scope: 'vbucket',
  shape: { extras: 'any', key: 'required', check: checkExtras },
  privileges: [Privilege.Read],
  run,
};

export const getMetaQ: Command = {
  ...getMeta,
  opcode: Opcode.GetMetaQ,
  name: 'GETQ_META',
  quiet: 'miss',
};

function checkExtras({ frame: { extras } }: Request): Refusal | undefined {
  if (extras.length > 1) return { status: Status.Invalid, context: 'Request extras must be of length 0 or 1' };
  const known = extras.length === 0 || extras[0]! <= WITH_DATATYPE;
  return known ? undefined : { status: Status.Invalid, context: 'Request extras invalid' };
}

function run(request: Request): void {
  const { vbucket, collection, key, frame } = request;
  const document = vbucket.stored(collection, key);
  if (document === undefined) {
    if (request.command.quiet !== 'miss') request.reply(Status.KeyNotFound);
    return;
  }
  const writer = request.begin();
  writer.u32(document.deleted || vbucket.isExpired(document) ? 1 : 0);
  writer.u32(document.flags);
  writer.u32(vbucket.expiryOf(document));
  writer.u64(BigInt(document.revision));
  if (frame.extrasLength === 1 && frame.extras[0] === WITH_DATATYPE) writer.u8(document.datatype);
  writer.endExtras();
  if (vbucket.locks.isLocked(document)) request.end(Status.Success, 0, 0xffffffff, 0xffffffff);
  else request.end(Status.Success, 0, document.casHigh, document.casLow);
}

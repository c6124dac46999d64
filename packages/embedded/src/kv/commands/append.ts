import { Datatype, Opcode, Status } from '@cb/protocol';
import { Privilege } from '../../auth/privilege.js';
import { type Document, revised } from '../../store/document.js';
import { isJson } from '../../store/json.js';
import { type Command, Framing } from '../command.js';
import { incomingBytes, isRefusal, refuse } from '../incoming-value.js';
import { bodyOf } from '../reply-document.js';
import type { Request } from '../request.js';
import { replyToken, write, writeRefusal } from '../write.js';

/** Source for all: kv_engine docs/BinaryProtocol.md, "0x0e Append, 0x0f Prepend". */
export const append: Command = {
  opcode: Opcode.Append,
  name: 'APPEND',
  scope: 'vbucket',
  shape: {
    key: 'required',
    value: 'optional',
    cas: 'optional',
    datatypes: Datatype.Json | Datatype.Snappy,
    framing: Framing.Durability,
  },
  privileges: [Privilege.Upsert],
  reorderable: true,
  readsValue: 'always',
  takesMemory: true,
  run: (request) => run(request, (body, addition) => [body, addition]),
};

export const prepend: Command = {
  ...append,
  opcode: Opcode.Prepend,
  name: 'PREPEND',
  run: (request) => run(request, (body, addition) => [addition, body]),
};

/** The two that are quiet only where there is no mutation token to tell: with one, a success is answered in full. */
export const appendQ: Command = { ...append, opcode: Opcode.AppendQ, name: 'APPENDQ', reorderable: false };
export const prependQ: Command = { ...prepend, opcode: Opcode.PrependQ, name: 'PREPENDQ', reorderable: false };

function run(request: Request, join: (body: Buffer, addition: Buffer) => Buffer[]): void {
  const addition = incomingBytes(request);
  if (isRefusal(addition)) {
    refuse(request, addition);
    return;
  }
  const current = request.vbucket.read(request.collection, request.key);
  if (current === undefined) {
    request.reply(Status.NotStored);
    return;
  }
  const refusal = writeRefusal(request, current);
  if (refusal !== Status.Success) {
    request.reply(refusal);
    return;
  }
  const body = bodyOf(current);
  const besides = current.xattrs?.length ?? 0;
  if (body.length + addition.length + besides > request.bucket.valueBytesMax) {
    request.reply(Status.TooBig);
    return;
  }
  const value = Buffer.concat(join(body, addition));
  const draft = revised(current, { value, datatype: datatypeOf(value, current) });
  write(request, draft, isSilent(request) ? null : replyToken);
}

/** A 7.2 server looks at attributes and body as one text, which is never JSON. */
function datatypeOf(value: Buffer, { xattrs }: Document): number {
  return xattrs === undefined && isJson(value) ? Datatype.Json : Datatype.Raw;
}

function isSilent({ command, session }: Request): boolean {
  return (command === appendQ || command === prependQ) && !session.features.mutationSeqno;
}

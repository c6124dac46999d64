import { Opcode, Status } from '@cb/protocol';
import { u32 } from '@cb/protocol/internal';
import { Privilege } from '../../auth/privilege.js';
import { type Document, revised } from '../../store/document.js';
import { type Command, Framing } from '../command.js';
import { replyDocument } from '../reply-document.js';
import type { Request } from '../request.js';
import { writeRefusal } from '../write.js';

/** Source for all: kv_engine docs/BinaryProtocol.md, "0x1c Touch, 0x1d GAT". */
export const touch: Command = {
  opcode: Opcode.Touch,
  name: 'TOUCH',
  scope: 'vbucket',
  shape: { extras: 4, key: 'required', framing: Framing.Durability },
  privileges: [Privilege.Upsert],
  reorderable: true,
  readsValue: 'always',
  run: (request) => run(request, (answered, { casHigh, casLow }) => answered.replyCas(casHigh, casLow)),
};

export const getAndTouch: Command = {
  ...touch,
  opcode: Opcode.GetAndTouch,
  name: 'GAT',
  privileges: [Privilege.Read, Privilege.Upsert],
  run: (request) => run(request, replyDocument),
};

export const getAndTouchQ: Command = {
  ...getAndTouch,
  opcode: Opcode.GetAndTouchQ,
  name: 'GATQ',
  quiet: 'miss',
  reorderable: false,
};

/** A durable touch is well-formed, and not supported. */
function run(request: Request, reply: (request: Request, document: Document) => void): void {
  if (request.durabilityLevel > 0) {
    request.reply(Status.NotSupported);
    return;
  }
  const { vbucket, bucket, collection, key, frame } = request;
  const current = vbucket.read(collection, key);
  const refusal = writeRefusal(request, current);
  if (refusal !== Status.Success) {
    request.reply(refusal);
  } else if (current === undefined) {
    if (request.command.quiet !== 'miss') request.reply(Status.KeyNotFound);
  } else {
    const expiry = bucket.expiry(u32(frame.bytes, frame.extrasStart), collection);
    // The expiry that it has already changes nothing, not even the CAS.
    reply(request, expiry === current.expiry ? current : vbucket.commit(revised(current, { expiry })));
  }
}

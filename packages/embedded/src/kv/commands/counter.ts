import { Datatype, Opcode, Status } from '@cb/protocol';
import { u32 } from '@cb/protocol/internal';
import { Privilege } from '../../auth/privilege.js';
import { Document, revised } from '../../store/document.js';
import { type Command, Framing } from '../command.js';
import { readCounter } from '../counter-text.js';
import { bodyOf } from '../reply-document.js';
import type { Request } from '../request.js';
import { replyToken, write, writeRefusal } from '../write.js';

/** An expiry that says: do not create the counter when it is not there. */
const DO_NOT_CREATE = 0xffffffff;

/** Source for all: kv_engine docs/BinaryProtocol.md, "0x05 Increment, 0x06 Decrement". */
export const increment: Command = {
  opcode: Opcode.Increment,
  name: 'INCREMENT',
  scope: 'vbucket',
  shape: { extras: 20, key: 'required', framing: Framing.Durability | Framing.PreserveTtl },
  privileges: [Privilege.Read, Privilege.Upsert],
  reorderable: true,
  readsValue: 'always',
  takesMemory: true,
  // Upwards it goes round at 2^64.
  run: (request) => run(request, (value, delta) => BigInt.asUintN(64, value + delta)),
};

export const decrement: Command = {
  ...increment,
  opcode: Opcode.Decrement,
  name: 'DECREMENT',
  // Downwards it ends at zero.
  run: (request) => run(request, (value, delta) => (value > delta ? value - delta : 0n)),
};

export const incrementQ: Command = {
  ...increment,
  opcode: Opcode.IncrementQ,
  name: 'INCREMENTQ',
  quiet: 'success',
  reorderable: false,
};

export const decrementQ: Command = {
  ...decrement,
  opcode: Opcode.DecrementQ,
  name: 'DECREMENTQ',
  quiet: 'success',
  reorderable: false,
};

function run(request: Request, change: (value: bigint, delta: bigint) => bigint): void {
  const { vbucket, collection, key } = request;
  const current = vbucket.read(collection, key);
  if (current === undefined) {
    create(request);
    return;
  }
  const before = readCounter(bodyOf(current));
  if (before === undefined) {
    request.reply(Status.DeltaBadval);
    return;
  }
  const refusal = writeRefusal(request, current);
  if (refusal !== Status.Success) {
    request.reply(refusal);
    return;
  }
  const { bytes, extrasStart } = request.frame;
  const after = change(before, bytes.readBigUInt64BE(extrasStart));
  store(request, revised(current, { value: text(after), datatype: Datatype.Json }), after);
}

function create(request: Request): void {
  const { bytes, extrasStart } = request.frame;
  const initial = bytes.readBigUInt64BE(extrasStart + 8);
  const expiry = u32(bytes, extrasStart + 16);
  const refusal = expiry === DO_NOT_CREATE ? Status.KeyNotFound : writeRefusal(request, undefined);
  if (refusal !== Status.Success) {
    request.reply(refusal);
    return;
  }
  const parts = {
    value: text(initial),
    xattrs: undefined,
    datatype: Datatype.Json,
    flags: 0,
    expiry: request.bucket.expiry(expiry, request.collection),
  };
  store(request, new Document(request.collection, request.key, parts), initial);
}

function store(request: Request, draft: Document, value: bigint): void {
  write(request, draft, (answered, document, seqno) => {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeBigUInt64BE(value);
    replyToken(answered, document, seqno, { status: Status.Success, value: bytes, datatype: Datatype.Raw });
  });
}

function text(value: bigint): Buffer {
  return Buffer.from(value.toString());
}

import { type FrameWriter, Opcode, ProtocolError, readLeb128, Status } from '@cb/protocol';
import { leb128Length } from '@cb/protocol/internal';
import { Privilege } from '../../auth/privilege.js';
import type { Vbucket } from '../../store/vbucket.js';
import type { Command } from '../command.js';
import { replyNotMyVbucket, replyUnknownCollection } from '../location-reply.js';
import type { Request } from '../request.js';

/** The state of a key in OBSERVE. Source: kv_engine docs/BinaryProtocol.md, "0x92 Observe". */
const KeyState = {
  NotPersisted: 0x00,
  Persisted: 0x01,
  NotFound: 0x80,
  DeletedNotPersisted: 0x81,
} as const;

/** The state of each of some keys on this node, active or replica. */
export const observe: Command = {
  opcode: Opcode.Observe,
  name: 'OBSERVE',
  scope: 'bucket',
  shape: { value: 'required' },
  privileges: [Privilege.Read],
  run: runObserve,
};

interface ObservedKey {
  readonly vbucket: number;
  /** As it is on the wire. */
  readonly bytes: Buffer;
  readonly collection: number;
  readonly key: string;
}

function runObserve(request: Request): void {
  const { bucket } = request;
  if (bucket.type === 'memcached') {
    request.reply(Status.NotSupported);
    return;
  }
  const keys = readKeys(request);
  if (typeof keys === 'string') {
    request.replyError(Status.Invalid, keys);
    return;
  }
  for (const { vbucket, collection } of keys) {
    if (bucket.vbuckets[vbucket] === undefined) {
      replyNotMyVbucket(request);
      return;
    }
    if (!bucket.hasCollection(collection)) {
      replyUnknownCollection(request, Status.UnknownCollection);
      return;
    }
  }
  const writer = request.begin();
  for (const key of keys) writeState(writer, bucket.vbuckets[key.vbucket]!, key);
  request.end(Status.Success);
}

/** The keys of a request, or what is wrong with them. */
function readKeys({ frame: { value }, session }: Request): ObservedKey[] | string {
  const keys: ObservedKey[] = [];
  let at = 0;
  while (at < value.length) {
    if (value.length - at < 4) return 'Requires vbid and keylen.';
    const vbucket = value.readUInt16BE(at);
    const end = at + 4 + value.readUInt16BE(at + 2);
    if (end > value.length) return 'Incorrect keylen';
    const bytes = value.subarray(at + 4, end);
    const collection = session.features.collections ? readCollection(bytes) : 0;
    if (collection === undefined) return 'Incorrect keylen';
    const prefix = session.features.collections ? leb128Length(collection) : 0;
    keys.push({ vbucket, bytes, collection, key: bytes.toString('latin1', prefix) });
    at = end;
  }
  return keys;
}

function readCollection(bytes: Buffer): number | undefined {
  try {
    return readLeb128(bytes);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function writeState(writer: FrameWriter, vbucket: Vbucket, { vbucket: id, bytes, collection, key }: ObservedKey): void {
  // A look at an expired document turns it into a tombstone first.
  vbucket.read(collection, key);
  const document = vbucket.stored(collection, key);
  const persisted = document !== undefined && document.seqno <= vbucket.persistence.seqno;
  const found = document !== undefined && !(document.deleted && persisted);
  writer.u16(id);
  writer.u16(bytes.length);
  writer.raw(bytes);
  if (!found) writer.u8(KeyState.NotFound);
  else if (document.deleted) writer.u8(KeyState.DeletedNotPersisted);
  else writer.u8(persisted ? KeyState.Persisted : KeyState.NotPersisted);
  writer.u32(found ? document.casHigh : 0);
  writer.u32(found ? document.casLow : 0);
}

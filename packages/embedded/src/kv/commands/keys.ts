import { FrameWriter, Opcode, Status, writeLeb128 } from '@cb/protocol';
import { u32 } from '@cb/protocol/internal';
import { Privilege } from '../../auth/privilege.js';
import type { Document } from '../../store/document.js';
import type { Vbucket } from '../../store/vbucket.js';
import type { Command } from '../command.js';
import { replyUnknownCollection } from '../location-reply.js';
import { replyKeyedDocument } from '../reply-document.js';
import type { Request } from '../request.js';

/** Default number of keys that GET_KEYS returns. */
const KEYS_DEFAULT = 1000;
/** Maximum number of documents of a vbucket that are skipped to find a random one. */
const SKIP_MAX = 64;

/** Any document of the bucket, or of one collection. Source: kv_engine docs/BinaryProtocol.md, "0xb6 Get Random". */
export const getRandomKey: Command = {
  opcode: Opcode.GetRandomKey,
  name: 'GET_RANDOM_KEY',
  scope: 'bucket',
  shape: {
    extras: 'any',
    check: ({ frame, session }) => checkExtras(frame.extrasLength, session.features.collections),
  },
  privileges: [Privilege.Read],
  run: runRandom,
};

function checkExtras(length: number, collections: boolean): { status: number; context: string } | undefined {
  if (!collections) {
    const context = 'Extras should be empty for clients without collections support';
    return length === 0 ? undefined : { status: Status.Invalid, context };
  }
  const context = 'Extras should contain collection id (and optionally flag to request xattrs)';
  return length === 4 || length === 5 ? undefined : { status: Status.Invalid, context };
}

function runRandom(request: Request): void {
  const { bucket, frame } = request;
  const collection = frame.extrasLength > 0 ? u32(frame.bytes, frame.extrasStart) : 0;
  if (bucket.type === 'memcached') {
    request.reply(Status.UnknownCommand);
  } else if (!bucket.hasCollection(collection)) {
    replyUnknownCollection(request, Status.UnknownCollection);
  } else {
    const found = pick(request, collection);
    if (found === undefined) request.reply(Status.KeyNotFound);
    else replyKeyedDocument(request, found, wireKey(request, found));
  }
}

/** Looks through the active vbuckets from a random one on. */
function pick(request: Request, collection: number): Document | undefined {
  const { vbuckets, random } = request.bucket;
  const first = Math.floor(random() * vbuckets.length);
  for (let step = 0; step < vbuckets.length; step++) {
    const vbucket = vbuckets[(first + step) % vbuckets.length];
    if (vbucket?.state !== 'active' || vbucket.itemCount === 0) continue;
    let skip = Math.floor(random() * Math.min(vbucket.itemCount, SKIP_MAX));
    let found: Document | undefined;
    for (const document of vbucket.documents(collection)) {
      if (document.deleted || vbucket.isExpired(document) || !mayBePicked(document, vbucket)) continue;
      found = document;
      if (skip-- === 0) break;
    }
    if (found === undefined) continue;
    request.vbucket = vbucket;
    return found;
  }
  return undefined;
}

/** In a collection other than the default one, a 7.2 server finds only what is persisted. */
function mayBePicked({ collection, seqno }: Document, { persistence }: Vbucket): boolean {
  return collection === 0 || seqno <= persistence.seqno;
}

/** Keys of a vbucket from a given one on, in the order of their bytes. */
export const getKeys: Command = {
  opcode: Opcode.GetKeys,
  name: 'GET_KEYS',
  scope: 'vbucket',
  shape: {
    extras: 'any',
    key: 'required',
    check: ({ frame: { extrasLength } }) =>
      extrasLength === 0 || extrasLength === 4
        ? undefined
        : { status: Status.Invalid, context: 'Expected 4 bytes of extras containing the number of keys to get' },
  },
  privileges: [Privilege.Read],
  run: runKeys,
};

function runKeys(request: Request): void {
  const { vbucket, collection, key, frame } = request;
  const limit = frame.extrasLength > 0 ? u32(frame.bytes, frame.extrasStart) : KEYS_DEFAULT;
  const found = [...vbucket.documents(collection)]
    .filter((document) => document.key >= key && !document.deleted && !vbucket.isExpired(document))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .slice(0, limit);
  const writer = request.begin();
  for (const document of found) {
    const bytes = wireKey(request, document);
    writer.u16(bytes.length);
    writer.raw(bytes);
  }
  request.end(Status.Success);
}

/** The key as this connection knows keys: with the collection's id before it when collections are agreed. */
function wireKey({ session }: Request, { collection, key }: Document): Buffer {
  const own = Buffer.from(key, 'latin1');
  if (!session.features.collections) return own;
  const prefix = new FrameWriter(8);
  writeLeb128(prefix, collection);
  return Buffer.concat([prefix.written, own]);
}

import { Status } from '@cb/protocol';
import { Privilege } from '../../auth/privilege.js';
import { Document } from '../../store/document.js';
import { systemXattrs } from '../../store/xattr.js';
import type { DocumentChange } from '../../subdoc/document.js';
import type { SubdocEnvironment } from '../../subdoc/environment.js';
import { execute } from '../../subdoc/execute.js';
import type { SubdocOutcome } from '../../subdoc/outcome.js';
import type { SubdocCommand } from '../../subdoc/subdoc-command.js';
import { bodyOf } from '../reply-document.js';
import type { Request } from '../request.js';
import { replyToken, write, writeRefusal } from '../write.js';

/** Maximum size of the system's attributes, in bytes, besides the document's own. Source: kv_engine docs/ExtendedAttributes.md. */
const SYSTEM_XATTR_BYTES_MAX = 1024 * 1024;

/** What a command may ask of the request it came with: found out when it is asked. */
class RequestEnvironment implements SubdocEnvironment {
  readonly #request: Request;

  constructor(request: Request) {
    this.#request = request;
  }

  get vbucketUuid(): bigint {
    const { uuidHigh, uuidLow } = this.#request.vbucket.failoverLog.latest;
    return (BigInt(uuidHigh) << 32n) | BigInt(uuidLow);
  }

  get casIsTime(): boolean {
    return this.#request.vbucket.hasHistory;
  }

  get nowSeconds(): number {
    return this.#request.vbucket.nowSeconds;
  }

  get mayReadSystemXattrs(): boolean {
    return this.#request.may(Privilege.SystemXattrRead);
  }

  get mayWriteSystemXattrs(): boolean {
    return this.#request.may(Privilege.SystemXattrWrite);
  }
}

/** Carries out a sub-document command on the request's document, stores what it changed, and answers. */
export function runSubdoc(request: Request, command: SubdocCommand): void {
  const { vbucket, collection, key } = request;
  const current = vbucket.read(collection, key);
  const stored = current ?? tombstoneOf(request);
  const found = stored && {
    stored,
    body: bodyOf(stored),
    locked: vbucket.locks.isLocked(stored),
    expiry: vbucket.expiryOf(stored),
  };
  const outcome = execute(command, found, new RequestEnvironment(request));
  if (outcome.change === undefined) answer(request, outcome);
  else store(request, command, outcome, outcome.change);
}

function tombstoneOf({ vbucket, collection, key }: Request): Document | undefined {
  const stored = vbucket.stored(collection, key);
  return stored?.deleted ? stored : undefined;
}

function answer(request: Request, { status, context, value, datatype, cas }: SubdocOutcome): void {
  if (context !== undefined) {
    request.replyError(status, context);
  } else if (status === Status.Locked && !request.session.features.xerror) {
    // Unlike other commands, it sends the status that all clients know.
    request.reply(Status.TemporaryFailure);
  } else if (cas === 0n && value.length === 0) {
    request.reply(status);
  } else {
    request.begin().raw(value);
    request.end(status, request.datatypeOut(datatype), Number(cas >> 32n), Number(cas & 0xffffffffn));
  }
}

function store(request: Request, command: SubdocCommand, outcome: SubdocOutcome, change: DocumentChange): void {
  const alive = change.original?.deleted ? undefined : change.original;
  const refusal = writeRefusal(request, alive);
  // Where no document is alive, a CAS means nothing to a command that makes one, or changes a tombstone.
  if (refusal !== Status.Success && (alive !== undefined || refusal !== Status.KeyNotFound)) {
    request.reply(refusal);
  } else if (isTooBig(request, change)) {
    request.reply(Status.TooBig);
  } else {
    commit(request, draftOf(request, command, change), outcome, change);
  }
}

function isTooBig({ bucket }: Request, { body, xattrs }: DocumentChange): boolean {
  const systemBytes = systemXattrs(xattrs)?.length ?? 0;
  const ownBytes = body.length + (xattrs?.length ?? 0) - systemBytes;
  return ownBytes > bucket.valueBytesMax || systemBytes > SYSTEM_XATTR_BYTES_MAX;
}

function draftOf(
  { bucket, collection, key, preserveTtl }: Request,
  command: SubdocCommand,
  { original, body, xattrs, datatype, deleted }: DocumentChange,
): Document {
  const expiry = preserveTtl && original !== undefined ? original.expiry : bucket.expiry(command.expiry, collection);
  const flags = command.userFlags ?? original?.flags ?? 0;
  const parts = { value: body, xattrs, datatype, flags, expiry: deleted ? 0 : expiry };
  return new Document(collection, key, parts, deleted);
}

function commit(request: Request, draft: Document, outcome: SubdocOutcome, { expandMacros }: DocumentChange): void {
  if (expandMacros === undefined || request.durabilityLevel > 0) {
    write(request, draft, (answered, document, seqno) => {
      // The outcome of a durable write is unknown before it has begun, and it is not readable before it is complete.
      expandMacros?.(document.cas, seqno);
      replyToken(answered, document, seqno, outcome);
    });
  } else {
    const { vbucket } = request;
    vbucket.stamp(draft);
    expandMacros(draft.cas, vbucket.highSeqno + 1);
    vbucket.commitStamped(draft);
    replyToken(request, draft, draft.seqno, outcome);
  }
}

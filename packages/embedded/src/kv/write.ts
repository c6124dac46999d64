import { Status } from '@cb/protocol';
import type { Document } from '../store/document.js';
import type { MutationAnswer, Request } from './request.js';

/**
 * Answers a request whose document has been written.
 * @param seqno the one to tell the client: of a durable write that of its prepare, as the server does
 */
export type WriteReply = (request: Request, document: Document, seqno: number) => void;

/**
 * Why the request's document cannot be written now, or `Status.Success`.
 * @param current the live document, as the vbucket's `read` found it
 */
export function writeRefusal(request: Request, current: Document | undefined): number {
  const { vbucket, frame } = request;
  if (request.durabilityLevel > 0 && !vbucket.syncWrites.isPossible) return Status.DurabilityImpossible;
  return vbucket.refusal(request.collection, request.key, current, frame.casHigh, frame.casLow);
}

/**
 * Makes the draft, which nothing speaks against, the document's next version, and answers: now, or, for a durable
 * write, when enough nodes have it.
 * @param reply null: nothing is said of a success, as for the quiet commands
 */
export function write(request: Request, draft: Document, reply: WriteReply | null = replyToken): void {
  const said = request.command.quiet === 'success' ? null : reply;
  if (request.durabilityLevel > 0) {
    writeDurably(request, draft, said);
  } else {
    request.vbucket.commit(draft);
    said?.(request, draft, draft.seqno);
  }
}

/** The usual answer to a write: the CAS and, when agreed, the mutation token; some commands have more to say. */
export function replyToken(request: Request, document: Document, seqno: number, answer?: MutationAnswer): void {
  const { uuidHigh, uuidLow } = request.vbucket.failoverLog.latest;
  request.replyMutation(uuidHigh, uuidLow, seqno, document.casHigh, document.casLow, answer);
}

function writeDurably(request: Request, draft: Document, reply: WriteReply | null): void {
  const { syncWrites } = request.vbucket;
  const pending = syncWrites.prepare(draft, request.durabilityLevel, request.durabilityTimeoutMs);
  if (pending.status !== undefined) {
    reply?.(request, draft, pending.seqno);
    return;
  }
  const parked = request.park();
  pending.onEnd = (status) => {
    if (status !== Status.Success) parked.reply(status);
    else if (reply === null) parked.session.unpark(parked);
    else reply(parked, draft, pending.seqno);
  };
}

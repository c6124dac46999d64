import { type Frame, Magic, opcodeName, Status } from '@cb/protocol';
import { privilegeName, SCOPED } from '../auth/privilege.js';
import { entries } from '../store/manifest.js';
import type { Vbucket } from '../store/vbucket.js';
import type { Command } from './command.js';
import type { Session } from './context.js';
import { hasBarrier } from './framing.js';
import { isHeldUp } from './holdup.js';
import { replyNotMyVbucket, replyUnknownCollection } from './location-reply.js';
import { COMMANDS } from './registry.js';
import type { Request } from './request.js';
import { validate } from './validate.js';

/** Whether the request may overtake others, and be overtaken, under unordered execution. */
export function mayReorder(frame: Frame): boolean {
  return COMMANDS[frame.opcode]?.reorderable === true && !(frame.framingLength > 0 && hasBarrier(frame));
}

/**
 * Answers one request. The checks come in the server's order: signed in, known, well-formed, bucket, privileges,
 * collection, vbucket.
 */
export function dispatch(request: Request, session: Session): void {
  const { frame } = request;
  // The client's answer to a push asks for nothing.
  if (frame.magic === Magic.ServerResponse) return;
  const command = session.node.commands[frame.opcode];
  if (session.user === undefined && command?.beforeAuth !== true) {
    request.reply(Status.Access);
    return;
  }
  if (command === undefined) {
    session.node.warn(`unknown KV opcode ${opcodeName(frame.opcode)}: answered with "unknown command"`);
    request.reply(Status.UnknownCommand);
    return;
  }
  request.command = command;
  const refusal = validate(request, session);
  if (refusal !== undefined) {
    if (refusal.context === undefined) request.reply(refusal.status);
    else request.replyError(refusal.status, refusal.context);
    return;
  }
  if (command.scope !== 'connection') {
    if (session.bucket === undefined) {
      request.reply(Status.NoBucket);
      return;
    }
    request.bucket = session.bucket;
  }
  if (command.privileges !== undefined && !mayRun(request, command)) return;
  if (command.scope === 'vbucket') {
    if (session.node.startup !== undefined) {
      request.reply(Status.TemporaryFailure);
      return;
    }
    if (!findVbucket(request, command)) return;
    const { residency } = request.bucket;
    if (residency !== undefined && isHeldUp(request, command, residency)) return;
  }
  command.run(request, session);
}

/** Whether the user has all privileges; if not, replies with an access error. */
function mayRun(request: Request, command: Command): boolean {
  if ((request.privileges & SCOPED) !== 0 && command.scope === 'vbucket') {
    request.privileges |= privilegesInCollection(request);
    // A user without any privilege in a collection does not see it.
    if (request.privileges === SCOPED) {
      replyUnknownCollection(request, Status.UnknownCollection);
      return false;
    }
  }
  for (const mask of command.privileges!) {
    if (request.may(mask)) continue;
    request.replyError(Status.Access, {
      context: `Authorization failure: can't execute ${command.name} operation without the ${privilegeName(mask)} privilege`,
      ref: request.session.node.random.uuid(),
    });
    return false;
  }
  return true;
}

/** What roles for single scopes and collections add. Range scans name their collection elsewhere: it takes a role for the bucket. */
function privilegesInCollection({ session, bucket, collection: id }: Request): number {
  for (const { scope, collection } of entries(bucket.manifest)) {
    if (collection.id !== id) continue;
    return session.user!.scopedPrivileges({ bucket: bucket.name, scope: scope.name, collection: collection.name });
  }
  return 0;
}

/** Puts the vbucket into the request, when it is in the state that the command needs; if not, answers or parks. */
function findVbucket(request: Request, command: Command): boolean {
  const { bucket, collection } = request;
  if (collection !== 0 && !bucket.hasCollection(collection)) {
    replyUnknownCollection(request, Status.UnknownCollection);
    return false;
  }
  const wanted = request.fromReplica ? 'replica' : (command.vbucketState ?? 'active');
  const vbucket = bucket.vbuckets[request.frame.vbucket];
  if (vbucket !== undefined && isServed(vbucket, wanted)) {
    request.vbucket = vbucket;
    return true;
  }
  if (vbucket?.state === 'pending' && wanted === 'active') {
    const parked = request.park();
    bucket.whenNotPending(vbucket.id, () => parked.session.retry(parked));
    return false;
  }
  replyNotMyVbucket(request);
  return false;
}

function isServed({ state }: Vbucket, wanted: NonNullable<Command['vbucketState']>): boolean {
  switch (wanted) {
    case 'any':
      return true;
    case 'present':
      return state !== 'dead';
    default:
      return state === wanted;
  }
}

import { Opcode, Status } from '@cb/protocol';
import { u32 } from '@cb/protocol/internal';
import { Privilege } from '../../auth/privilege.js';
import { revised } from '../../store/document.js';
import type { Command } from '../command.js';
import { replyDocumentAs } from '../reply-document.js';
import type { Request } from '../request.js';

/** Source for both: kv_engine docs/BinaryProtocol.md, "0x94 Get Locked, 0x95 Unlock Key". */
export const getLocked: Command = {
  opcode: Opcode.GetLocked,
  name: 'GET_LOCKED',
  scope: 'vbucket',
  shape: {
    extras: 'any',
    key: 'required',
    check: ({ frame: { extrasLength } }) =>
      extrasLength === 0 || extrasLength === 4
        ? undefined
        : { status: Status.Invalid, context: 'Request extras must be of length 0 or 4' },
  },
  privileges: [Privilege.Read],
  reorderable: true,
  readsValue: 'always',
  run: runLock,
};

function runLock(request: Request): void {
  const { vbucket, collection, key, frame } = request;
  const current = vbucket.read(collection, key);
  const refusal = vbucket.refusal(collection, key, current, 0, 0);
  if (refusal !== Status.Success) {
    request.reply(refusal);
  } else if (current === undefined) {
    request.reply(Status.KeyNotFound);
  } else {
    const seconds = frame.extrasLength === 0 ? 0 : u32(frame.bytes, frame.extrasStart);
    // In a memcached bucket a lock is a new version of the document, and its CAS stays when the lock is gone.
    const locked = vbucket.hasHistory ? current : vbucket.commit(revised(current, {}));
    const { casHigh, casLow } = vbucket.hasHistory
      ? vbucket.locks.lock(locked, seconds)
      : vbucket.locks.lockAs(locked, seconds, locked.casHigh, locked.casLow);
    replyDocumentAs(request, locked, casHigh, casLow);
  }
}

export const unlock: Command = {
  opcode: Opcode.UnlockKey,
  name: 'UNLOCK_KEY',
  scope: 'vbucket',
  shape: { key: 'required', cas: 'required' },
  privileges: [Privilege.Read],
  reorderable: true,
  run: runUnlock,
};

function runUnlock(request: Request): void {
  const { vbucket, collection, key, frame } = request;
  const current = vbucket.read(collection, key);
  if (vbucket.syncWrites.isPending(collection, key)) {
    request.reply(Status.SyncWriteInProgress);
  } else if (current === undefined) {
    request.reply(Status.KeyNotFound);
  } else if (!vbucket.locks.isLocked(current)) {
    request.reply(knowsNotLocked(request) ? Status.NotLocked : Status.TemporaryFailure);
  } else if (!vbucket.locks.opens(current, frame.casHigh, frame.casLow)) {
    request.reply(Status.Locked);
  } else {
    vbucket.locks.release(current);
    request.reply(Status.Success);
  }
}

/** Source: kv_engine include/memcached/protocol_binary.h, `NotLocked`, which servers from 7.6 on say. */
function knowsNotLocked({ session: { node } }: Request): boolean {
  return node.isAtLeast(7, 6);
}

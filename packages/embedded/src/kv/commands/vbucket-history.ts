import { Opcode, Status } from '@cb/protocol';
import { u32 } from '@cb/protocol/internal';
import { Privilege } from '../../auth/privilege.js';
import type { VbucketState } from '../../store/local-bucket.js';
import type { Command } from '../command.js';
import type { Request } from '../request.js';

/** How long SEQNO_PERSISTENCE waits, in milliseconds. Source: ep-engine's `seqno_persistence_timeout`. */
const PERSISTENCE_WAIT_MS_MAX = 30_000;

/** Source for all: kv_engine docs/BinaryProtocol.md, under the names of the commands. */
export const observeSeqno: Command = {
  opcode: Opcode.ObserveSeqno,
  name: 'OBSERVE_SEQNO',
  scope: 'vbucket',
  vbucketState: 'present',
  shape: {
    value: 'optional',
    cas: 'optional',
    check: ({ frame: { bodyLength } }) =>
      bodyLength === 8 ? undefined : { status: Status.Invalid, context: 'Request value must be of length 8' },
  },
  privileges: [Privilege.Read],
  run: runObserveSeqno,
};

/** How far the vbucket has come, under the uuid that the client knows; if that branch is over, where it ended. */
function runObserveSeqno(request: Request): void {
  const { vbucket, frame } = request;
  const uuidHigh = u32(frame.bytes, frame.valueStart);
  const uuidLow = u32(frame.bytes, frame.valueStart + 4);
  const lastSeqno = vbucket.failoverLog.lastSeqno(uuidHigh, uuidLow);
  if (lastSeqno === undefined) {
    request.reply(Status.KeyNotFound);
    return;
  }
  const { latest } = vbucket.failoverLog;
  const isLatest = lastSeqno === Number.POSITIVE_INFINITY;
  const writer = request.begin();
  writer.u8(isLatest ? 0 : 1);
  writer.u16(vbucket.id);
  writer.u32(latest.uuidHigh);
  writer.u32(latest.uuidLow);
  writer.u64(BigInt(vbucket.persistence.seqno));
  writer.u64(BigInt(vbucket.highSeqno));
  if (!isLatest) {
    writer.u32(uuidHigh);
    writer.u32(uuidLow);
    writer.u64(BigInt(lastSeqno));
  }
  request.end(Status.Success);
}

export const getFailoverLog: Command = {
  opcode: Opcode.GetFailoverLog,
  name: 'GET_FAILOVER_LOG',
  scope: 'vbucket',
  vbucketState: 'present',
  shape: {},
  privileges: [Privilege.Read],
  run: runFailoverLog,
};

function runFailoverLog(request: Request): void {
  const writer = request.begin();
  for (const { uuidHigh, uuidLow, seqno } of request.vbucket.failoverLog.entries) {
    writer.u32(uuidHigh);
    writer.u32(uuidLow);
    writer.u64(BigInt(seqno));
  }
  request.end(Status.Success);
}

/** Answers when the vbucket has everything up to a seqno on disk. */
export const seqnoPersistence: Command = {
  opcode: Opcode.SeqnoPersistence,
  name: 'SEQNO_PERSISTENCE',
  scope: 'vbucket',
  vbucketState: 'any',
  shape: { extras: 8 },
  privileges: [Privilege.NodeSupervisor],
  run: runSeqnoPersistence,
};

function runSeqnoPersistence(request: Request): void {
  const { frame, vbucket, bucket } = request;
  const seqno = Number(frame.bytes.readBigUInt64BE(frame.extrasStart));
  if (seqno <= vbucket.persistence.seqno) {
    request.reply(Status.Success);
    return;
  }
  const parked = request.park();
  const cancelTimer = bucket.clock.after(PERSISTENCE_WAIT_MS_MAX, () => {
    giveUp();
    parked.reply(Status.TemporaryFailure);
  });
  const giveUp = vbucket.persistence.when(seqno, () => {
    cancelTimer();
    parked.reply(Status.Success);
  });
}

/** States by their numbers in the extras; 0, or no extras: all that are alive. */
const STATES: readonly (readonly VbucketState[])[] = [
  ['active', 'replica', 'pending'],
  ['active'],
  ['replica'],
  ['pending'],
  ['dead'],
];

export const getAllVbSeqnos: Command = {
  opcode: Opcode.GetAllVbSeqnos,
  name: 'GET_ALL_VB_SEQNOS',
  scope: 'bucket',
  reorderable: true,
  shape: {
    extras: 'any',
    check: ({ frame: { bytes, extrasStart, extrasLength } }) => {
      if (extrasLength === 0) return undefined;
      if (extrasLength !== 4 && extrasLength !== 8) {
        return { status: Status.Invalid, context: 'Request extras must be of length 0 or 4 or 8' };
      }
      const known = u32(bytes, extrasStart) < STATES.length;
      return known ? undefined : { status: Status.Invalid, context: 'Request vbucket state invalid' };
    },
  },
  privileges: [Privilege.Read],
  run: runGetAllVbSeqnos,
};

/** Clients without collections get the default collection only. */
function runGetAllVbSeqnos(request: Request): void {
  const { frame, bucket, session } = request;
  const { bytes, extrasStart, extrasLength } = frame;
  const states = STATES[extrasLength === 0 ? 0 : u32(bytes, extrasStart)]!;
  const asked = extrasLength === 8 ? u32(bytes, extrasStart + 4) : undefined;
  const collection = session.features.collections ? asked : 0;
  const writer = request.begin();
  for (const vbucket of bucket.vbuckets) {
    if (vbucket === undefined || !states.includes(vbucket.state)) continue;
    writer.u16(vbucket.id);
    writer.u64(BigInt(collection === undefined ? vbucket.highSeqno : vbucket.highSeqnoOf(collection)));
  }
  request.end(Status.Success);
}

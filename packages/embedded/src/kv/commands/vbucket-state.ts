import { Datatype, Opcode, Status } from '@cb/protocol';
import { Privilege } from '../../auth/privilege.js';
import type { VbucketState } from '../../store/local-bucket.js';
import { parseTopology } from '../../store/sync-write.js';
import type { Command } from '../command.js';
import type { Session } from '../context.js';
import type { Request } from '../request.js';

/** On the wire a state is its place here. Source: kv_engine docs/BinaryProtocol.md, "Set VBucket". */
const STATES: readonly (VbucketState | undefined)[] = [undefined, 'active', 'replica', 'pending', 'dead'];

/** Creates the vbucket, or changes its state; the value may have its topology, without which nothing durable is possible. */
export const setVbucket: Command = {
  opcode: Opcode.SetVbucket,
  name: 'SET_VBUCKET',
  scope: 'bucket',
  shape: { extras: [1, 4], value: 'optional', datatypes: Datatype.Json },
  privileges: [Privilege.BucketManagement],
  run: runSet,
};

function runSet(request: Request, session: Session): void {
  const { bytes, extrasStart, extrasLength, value, vbucket: id } = request.frame;
  const state = STATES[bytes.readUIntBE(extrasStart, extrasLength)];
  if (state === undefined || id >= request.bucket.vbucketCount) {
    request.reply(Status.Invalid);
    return;
  }
  const topology = value.length === 0 ? undefined : parseTopology(value.toString('utf8'));
  if (value.length > 0 && topology === undefined) {
    session.close();
    return;
  }
  const vbucket = request.bucket.setVbucketState(id, state);
  vbucket.syncWrites.topology = topology;
  request.reply(Status.Success);
}

export const getVbucket: Command = {
  opcode: Opcode.GetVbucket,
  name: 'GET_VBUCKET',
  scope: 'vbucket',
  vbucketState: 'any',
  shape: {},
  privileges: [Privilege.BucketManagement],
  run: (request) => {
    request.begin().u32(STATES.indexOf(request.vbucket.state));
    request.end(Status.Success);
  },
};

export const deleteVbucket: Command = {
  opcode: Opcode.DeleteVbucket,
  name: 'DEL_VBUCKET',
  scope: 'vbucket',
  vbucketState: 'any',
  shape: { value: 'optional' },
  privileges: [Privilege.BucketManagement],
  run: (request) => {
    request.bucket.deleteVbucket(request.vbucket.id);
    request.reply(Status.Success);
  },
};

import { Opcode, Status } from '@cb/protocol';
import { Privilege, type PrivilegeName } from '../../auth/privilege.js';
import type { Command } from '../command.js';
import type { Session } from '../context.js';
import type { Request } from '../request.js';

/** The CAS in the answer to `GET_CTRL_TOKEN`: it is not used here. */
const CONTROL_TOKEN = 0xdeadbeef;

/** The one control that is served: whether tracing runs. */
export const ioctlGet: Command = {
  opcode: Opcode.IoctlGet,
  name: 'IOCTL_GET',
  scope: 'connection',
  shape: { key: 'required' },
  privileges: [Privilege.NodeSupervisor],
  run: (request) => {
    if (request.frame.key.toString('latin1') === 'trace.status') request.replyText('enabled');
    else request.reply(Status.Invalid);
  },
};

export const getControlToken: Command = {
  opcode: Opcode.GetCtrlToken,
  name: 'GET_CTRL_TOKEN',
  scope: 'connection',
  shape: {},
  privileges: [Privilege.NodeSupervisor],
  run: (request) => request.replyCas(0, CONTROL_TOKEN),
};

/** Succeeds at once: there is no file of users to read again. */
export const saslRefresh: Command = {
  opcode: Opcode.IsaslRefresh,
  name: 'ISASL_REFRESH',
  scope: 'connection',
  shape: {},
  privileges: [Privilege.SecurityManagement],
  run: (request) => request.reply(Status.Success),
};

export const rbacRefresh: Command = {
  ...saslRefresh,
  opcode: Opcode.RbacRefresh,
  name: 'RBAC_REFRESH',
};

/** Gives up one privilege until a bucket is selected again. */
export const dropPrivilege: Command = {
  opcode: Opcode.DropPrivilege,
  name: 'DROP_PRIVILEGE',
  scope: 'connection',
  shape: { key: 'required' },
  run: runDropPrivilege,
};

function runDropPrivilege(request: Request, session: Session): void {
  const name = request.frame.key.toString('latin1');
  if (!Object.hasOwn(Privilege, name)) {
    request.reply(Status.Invalid);
    return;
  }
  session.privileges &= ~Privilege[name as PrivilegeName];
  request.reply(Status.Success);
}

/** Which storage module of the server stands for which type of bucket. */
const BUCKET_TYPES: Readonly<Record<string, 'couchbase' | 'memcached'>> = {
  'ep.so': 'couchbase',
  'default_engine.so': 'memcached',
};

/** Creates a bucket on this node alone, without vbuckets, as the engine does for its cluster manager. */
export const createBucket: Command = {
  opcode: Opcode.CreateBucket,
  name: 'CREATE_BUCKET',
  scope: 'connection',
  shape: { key: 'required', value: 'required' },
  privileges: [Privilege.BucketManagement],
  run: runCreateBucket,
};

function runCreateBucket(request: Request, session: Session): void {
  const name = request.frame.key.toString('utf8');
  const [module = ''] = request.frame.value.toString('latin1').split('\0');
  const type = BUCKET_TYPES[module];
  if (type === undefined) {
    request.replyError(Status.Invalid, 'Unknown bucket type');
    return;
  }
  request.reply(session.node.createBucket(name, type) ? Status.Success : Status.KeyExists);
}

/** Deletes a bucket from this node; the connections that have it selected are closed. */
export const deleteBucket: Command = {
  opcode: Opcode.DeleteBucket,
  name: 'DELETE_BUCKET',
  scope: 'connection',
  shape: { key: 'required', value: 'optional' },
  privileges: [Privilege.BucketManagement],
  run: (request, session) => {
    const done = session.node.deleteBucket(request.frame.key.toString('utf8'));
    request.reply(done ? Status.Success : Status.KeyNotFound);
  },
};

import { Opcode, Status } from '@cb/protocol';
import { Privilege } from '../../auth/privilege.js';
import type { Command } from '../command.js';
import type { Session } from '../context.js';
import type { Request } from '../request.js';

/** The name that stands for no bucket at all. */
const NO_BUCKET = '@no bucket@';

/**
 * Selects the bucket that the requests to come are about. A failure leaves the former one selected.
 * A bucket that is missing and one that the user may not use look the same: the cluster manager gives every user, the
 * administrator too, an entry for each bucket that there is, and nobody has access to any other. An engine without one,
 * as recordings are made with, knows users with access to all buckets by any name; they are told what is missing.
 * Source: ns_server's memcached_permissions, and the recordings.
 */
export const selectBucket: Command = {
  opcode: Opcode.SelectBucket,
  name: 'SELECT_BUCKET',
  scope: 'connection',
  shape: { key: 'optional' },
  run: runSelect,
};

function runSelect(request: Request, session: Session): void {
  const name = request.frame.key.toString('utf8');
  if (name === NO_BUCKET) {
    session.select(undefined);
    request.reply(Status.Success);
    return;
  }
  const { startup } = session.node;
  if (startup?.hasBuckets === false) {
    request.reply(startup.selectStatus);
    return;
  }
  const bucket = session.user!.mayUse(name) ? session.node.buckets.get(name) : undefined;
  if (bucket === undefined) {
    request.reply(isToldWhatIsMissing(session) ? Status.KeyNotFound : Status.Access);
    return;
  }
  session.select(bucket);
  request.reply(Status.Success);
}

function isToldWhatIsMissing({ user, node }: Session): boolean {
  return !node.hasClusterManager && (user!.privileges(undefined) & Privilege.NodeSupervisor) !== 0;
}

/** The names of the buckets that the user may use, with spaces between them. */
export const listBuckets: Command = {
  opcode: Opcode.ListBuckets,
  name: 'LIST_BUCKETS',
  scope: 'connection',
  shape: {},
  run: (request, session) => {
    const names = [...session.node.selectable.keys()].filter((name) => session.user!.mayUse(name));
    request.replyText(names.join(' '));
  },
};

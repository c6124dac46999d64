import { Opcode, Status } from '@cb/protocol';
import { Privilege } from '../../auth/privilege.js';
import type { Command } from '../command.js';
import type { Request } from '../request.js';
import type { KvSession } from '../session.js';

/** The name that stands for no bucket at all. */
const NO_BUCKET = '@no bucket@';

/**
 * Selects the bucket that the requests to come are about. A failure leaves the former one selected.
 * To a user with restrictions a bucket that is missing and one that he may not see look the same.
 */
export const selectBucket: Command = {
  opcode: Opcode.SelectBucket,
  name: 'SELECT_BUCKET',
  scope: 'connection',
  shape: { key: 'optional' },
  run: runSelect,
};

function runSelect(request: Request, session: KvSession): void {
  const name = request.frame.key.toString('utf8');
  if (name === NO_BUCKET) {
    session.select(undefined);
    request.reply(Status.Success);
    return;
  }
  const user = session.user!;
  if (user.privileges(name) === 0) {
    request.reply(Status.Access);
    return;
  }
  const bucket = session.node.buckets.get(name);
  if (bucket === undefined) {
    request.reply(seesEverything(session) ? Status.KeyNotFound : Status.Access);
    return;
  }
  session.select(bucket);
  request.reply(Status.Success);
}

function seesEverything(session: KvSession): boolean {
  return (session.user!.privileges(undefined) & Privilege.NodeSupervisor) !== 0;
}

/** The names of the buckets that the user may use, with spaces between them. */
export const listBuckets: Command = {
  opcode: Opcode.ListBuckets,
  name: 'LIST_BUCKETS',
  scope: 'connection',
  shape: {},
  run: (request, session) => {
    const names = [...session.node.buckets.keys()].filter((name) => session.user!.privileges(name) !== 0);
    request.replyText(names.join(' '));
  },
};

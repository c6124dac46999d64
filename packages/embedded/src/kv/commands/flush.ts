import { Opcode, Status } from '@cb/protocol';
import { Privilege } from '../../auth/privilege.js';
import type { Command } from '../command.js';

/** Deletes everything in a memcached bucket; other buckets are flushed over HTTP. */
export const flush: Command = {
  opcode: Opcode.Flush,
  name: 'FLUSH',
  scope: 'bucket',
  shape: { extras: [0, 4] },
  privileges: [Privilege.BucketManagement],
  run: (request) => {
    if (request.bucket.type !== 'memcached') {
      request.reply(Status.NotSupported);
      return;
    }
    request.bucket.flush();
    if (request.command.quiet !== 'success') request.reply(Status.Success);
  },
};

export const flushQ: Command = { ...flush, opcode: Opcode.FlushQ, name: 'FLUSHQ', quiet: 'success' };

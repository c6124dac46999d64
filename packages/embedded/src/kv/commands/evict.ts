import { Opcode, Status } from '@cb/protocol';
import { Privilege } from '../../auth/privilege.js';
import type { Command } from '../command.js';

/**
 * Evicts a document's value from memory to the disk. Reads of it wait then where a read from disk takes time
 * (`readLagMs`). Source: kv_engine docs/BinaryProtocol.md, "0x93 Evict Key".
 */
export const evictKey: Command = {
  opcode: Opcode.EvictKey,
  name: 'EVICT_KEY',
  scope: 'vbucket',
  shape: { key: 'required' },
  privileges: [Privilege.NodeSupervisor],
  reorderable: true,
  run: (request) => {
    const { bucket, vbucket, collection, key } = request;
    const document = vbucket.read(collection, key);
    if (document === undefined) request.reply(Status.KeyNotFound);
    else if (!bucket.evict(document)) request.replyError(Status.KeyExists, "Can't eject: Dirty object.");
    else request.replyText('Ejected.');
  },
};

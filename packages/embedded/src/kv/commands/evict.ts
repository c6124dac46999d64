import { Opcode, Status } from '@cb/protocol';
import { Privilege } from '../../auth/privilege.js';
import type { Command } from '../command.js';

/**
 * Asks that a document's value leave memory for the disk. There is only memory, so nothing happens, but the answers are
 * those that an engine gives. Source: kv_engine docs/BinaryProtocol.md, "0x93 Evict Key".
 */
export const evictKey: Command = {
  opcode: Opcode.EvictKey,
  name: 'EVICT_KEY',
  scope: 'vbucket',
  shape: { key: 'required' },
  privileges: [Privilege.NodeSupervisor],
  run: (request) => {
    const { vbucket, collection, key } = request;
    const document = vbucket.read(collection, key);
    if (document === undefined) request.reply(Status.KeyNotFound);
    else if (document.seqno > vbucket.persistence.seqno)
      request.replyError(Status.KeyExists, "Can't eject: Dirty object.");
    else request.replyText('Ejected.');
  },
};

import { Opcode, Status } from '@cb/protocol';
import { Privilege } from '../../auth/privilege.js';
import { tombstone } from '../../store/document.js';
import { systemXattrs } from '../../store/xattr.js';
import { type Command, Framing } from '../command.js';
import type { Request } from '../request.js';
import { write, writeRefusal } from '../write.js';

/** Source: kv_engine docs/BinaryProtocol.md, "0x04 Delete". */
export const remove: Command = {
  opcode: Opcode.Delete,
  name: 'DELETE',
  scope: 'vbucket',
  shape: { key: 'required', cas: 'optional', framing: Framing.Durability },
  privileges: [Privilege.Delete],
  reorderable: true,
  readsValue: 'of-xattrs',
  run,
};

export const removeQ: Command = {
  ...remove,
  opcode: Opcode.DeleteQ,
  name: 'DELETEQ',
  quiet: 'success',
  reorderable: false,
};

function run(request: Request): void {
  const current = request.vbucket.read(request.collection, request.key);
  const refusal = writeRefusal(request, current);
  if (refusal !== Status.Success) request.reply(refusal);
  else if (current === undefined) request.reply(Status.KeyNotFound);
  else write(request, tombstone(current, systemXattrs(current.xattrs)));
}

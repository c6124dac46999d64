import { Opcode, Status } from '@cb/protocol';
import type { Command } from '../command.js';

/** Nothing, answered: keeps a connection alive, and tells that all before it was served. */
export const noop: Command = {
  opcode: Opcode.Noop,
  name: 'NOOP',
  scope: 'connection',
  shape: {},
  run: (request) => request.reply(Status.Success),
};

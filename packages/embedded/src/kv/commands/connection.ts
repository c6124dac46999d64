import { Datatype, Opcode, Status } from '@cb/protocol';
import type { Refusal } from '../../base/refusal.js';
import type { Command } from '../command.js';
import { errorMap } from '../error-map.js';
import type { Request } from '../request.js';

/** Does nothing, and answers: keeps a connection alive, and shows that all before it was served. */
export const noop: Command = {
  opcode: Opcode.Noop,
  name: 'NOOP',
  scope: 'connection',
  shape: {},
  run: (request) => request.reply(Status.Success),
};

export const version: Command = {
  opcode: Opcode.Version,
  name: 'VERSION',
  scope: 'connection',
  shape: {},
  run: (request, session) => request.replyText(session.node.version),
};

/** Accepted and without effect: there is no log to be more or less verbose. */
export const verbosity: Command = {
  opcode: Opcode.Verbosity,
  name: 'VERBOSITY',
  scope: 'connection',
  shape: { extras: 4 },
  run: (request) => request.reply(Status.Success),
};

export const quit: Command = {
  opcode: Opcode.Quit,
  name: 'QUIT',
  scope: 'connection',
  shape: {},
  run: (request, session) => {
    request.reply(Status.Success);
    session.close();
  },
};

export const quitQ: Command = {
  ...quit,
  opcode: Opcode.QuitQ,
  name: 'QUITQ',
  quiet: 'success',
  run: (_request, session) => session.close(),
};

export const getErrorMap: Command = {
  opcode: Opcode.GetErrorMap,
  name: 'GET_ERROR_MAP',
  scope: 'connection',
  beforeAuth: true,
  shape: { value: 'optional', check: checkErrorMap },
  run: runErrorMap,
};

function checkErrorMap({ frame }: Request): Refusal | undefined {
  if (frame.valueLength === 2) return undefined;
  return { status: Status.Invalid, context: 'Request value must be of length 2' };
}

function runErrorMap(request: Request): void {
  const map = errorMap(request.frame.value.readUInt16BE(0));
  if (map === undefined) {
    request.reply(Status.KeyNotFound);
    return;
  }
  request.begin().raw(map);
  request.end(Status.Success, request.datatypeOut(Datatype.Json));
}

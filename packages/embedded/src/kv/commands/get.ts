import { Opcode, Status } from '@cb/protocol';
import { Privilege } from '../../auth/privilege.js';
import type { Document } from '../../store/document.js';
import type { Command } from '../command.js';
import { replyDocument, replyKeyedDocument } from '../reply-document.js';
import type { Request } from '../request.js';

/** Source for all: kv_engine docs/BinaryProtocol.md, "0x00 Get" and the ones after it. */
export const get: Command = {
  opcode: Opcode.Get,
  name: 'GET',
  scope: 'vbucket',
  shape: { key: 'required' },
  privileges: [Privilege.Read],
  reorderable: true,
  readsValue: 'always',
  run: (request) => answer(request, replyDocument),
};

export const getQ: Command = { ...get, opcode: Opcode.GetQ, name: 'GETQ', quiet: 'miss', reorderable: false };

export const getK: Command = {
  ...get,
  opcode: Opcode.GetK,
  name: 'GETK',
  run: (request) => answer(request, replyKeyedDocument),
};

export const getKQ: Command = { ...getK, opcode: Opcode.GetKQ, name: 'GETKQ', quiet: 'miss', reorderable: false };

/** A replica's own copy, which may be older than the active's. */
export const getReplica: Command = {
  ...get,
  opcode: Opcode.GetReplica,
  name: 'GET_REPLICA',
  vbucketState: 'replica',
};

function answer(request: Request, reply: (request: Request, document: Document) => void): void {
  const document = request.vbucket.read(request.collection, request.key);
  if (document !== undefined) reply(request, document);
  else if (request.command.quiet !== 'miss') request.reply(Status.KeyNotFound);
}

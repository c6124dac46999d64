import { Opcode } from '@cb/protocol';
import type { Conversation, Server } from './conversation.js';

/** A client of the server signed in as somebody who may only read its bucket. */
export function reader(server: Server): Conversation {
  server.node.users.set('reader', { password: 'secret', roles: ['data_reader[b]'] });
  const client = server.connect();
  client.one(Opcode.SaslAuth, { key: 'PLAIN', value: '\0reader\0secret' });
  client.one(Opcode.SelectBucket, { key: 'b' });
  return client;
}

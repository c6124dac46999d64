import { Opcode } from '@cb/protocol';
import type { Conversation, Server } from './conversation.js';

/** A client of the server signed in as somebody who may only read its bucket, or has other roles. */
export function reader(server: Server, roles: readonly string[] = ['data_reader[b]']): Conversation {
  server.node.users.set('reader', { password: 'secret', roles });
  const client = server.connect();
  client.one(Opcode.SaslAuth, { key: 'PLAIN', value: '\0reader\0secret' });
  client.one(Opcode.SelectBucket, { key: 'b' });
  return client;
}

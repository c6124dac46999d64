import { ClientProcess } from '../src/client-process.js';
import { DOCUMENTS } from '../src/documents.js';
import { startEmbedded } from '../src/servers/embedded.js';
import type { Server } from '../src/servers/server.js';

/** An embedded cluster in a process of its own, which has all documents. */
export async function startDocumentsServer(): Promise<Server> {
  const server = await startEmbedded();
  try {
    await using writer = await ClientProcess.start('raw', server.address);
    await writer.run({ operation: 'upsert', operations: DOCUMENTS, inFlight: 100 });
    return server;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

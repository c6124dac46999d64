import { fileURLToPath } from 'node:url';
import { startClusterProgram } from '../src/servers/embedded.js';
import type { Server } from '../src/servers/server.js';

const PROGRAM = fileURLToPath(new URL('./rows-server-program.js', import.meta.url));

/** A cluster in a process of its own, which answers every view with as many rows as `limit` says. */
export function startRowsServer(): Promise<Server> {
  return startClusterProgram([PROGRAM]);
}

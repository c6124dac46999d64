import type { Command } from './command.js';
import * as admin from './commands/admin.js';
import * as bucketSelection from './commands/bucket-selection.js';
import * as collections from './commands/collections.js';
import * as config from './commands/config.js';
import * as connection from './commands/connection.js';
import * as flush from './commands/flush.js';
import { hello } from './commands/hello.js';
import { retired } from './commands/retired.js';
import * as sasl from './commands/sasl.js';
import * as vbucketState from './commands/vbucket-state.js';

/** Every command that is served. */
const ALL: readonly Command[] = [
  hello,
  ...Object.values(sasl),
  ...Object.values(connection),
  ...Object.values(bucketSelection),
  ...Object.values(config),
  ...Object.values(collections),
  ...Object.values(vbucketState),
  ...Object.values(flush),
  ...Object.values(admin),
  ...retired,
];

/** By opcode; undefined is an unknown command. */
export const COMMANDS: readonly (Command | undefined)[] = byOpcode(ALL);

function byOpcode(commands: readonly Command[]): (Command | undefined)[] {
  const table = new Array<Command | undefined>(256).fill(undefined);
  for (const command of commands) table[command.opcode] = command;
  return table;
}

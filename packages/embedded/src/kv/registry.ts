import type { Command } from './command.js';
import * as admin from './commands/admin.js';
import * as append from './commands/append.js';
import * as bucketSelection from './commands/bucket-selection.js';
import * as collections from './commands/collections.js';
import * as config from './commands/config.js';
import * as connection from './commands/connection.js';
import * as counter from './commands/counter.js';
import * as evict from './commands/evict.js';
import * as flush from './commands/flush.js';
import * as get from './commands/get.js';
import * as getEx from './commands/get-ex.js';
import * as getMeta from './commands/get-meta.js';
import { hello } from './commands/hello.js';
import * as keys from './commands/keys.js';
import * as lock from './commands/lock.js';
import * as observe from './commands/observe.js';
import * as rangeScan from './commands/range-scan.js';
import * as remove from './commands/remove.js';
import { retired } from './commands/retired.js';
import * as returnMeta from './commands/return-meta.js';
import * as sasl from './commands/sasl.js';
import * as stat from './commands/stat.js';
import * as store from './commands/store.js';
import * as subdoc from './commands/subdoc.js';
import * as touch from './commands/touch.js';
import * as vbucketHistory from './commands/vbucket-history.js';
import * as vbucketState from './commands/vbucket-state.js';
import * as withMeta from './commands/with-meta.js';

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
  ...Object.values(append),
  ...Object.values(counter),
  ...Object.values(get),
  ...Object.values(getMeta),
  ...Object.values(keys),
  ...Object.values(lock),
  ...Object.values(observe),
  ...Object.values(remove),
  ...Object.values(returnMeta),
  ...Object.values(store),
  ...Object.values(subdoc),
  ...Object.values(touch),
  ...Object.values(vbucketHistory),
  ...Object.values(withMeta),
  ...Object.values(stat),
  ...Object.values(evict),
  ...Object.values(getEx),
  ...Object.values(rangeScan),
  ...retired,
];

/** The commands of a node that grants such features, by opcode; undefined is one that it does not know. */
export function commandsWith(grants: (feature: number) => boolean): readonly (Command | undefined)[] {
  return byOpcode(ALL.filter(({ feature }) => feature === undefined || grants(feature)));
}

/** By opcode; undefined is an unknown command. */
export const COMMANDS: readonly (Command | undefined)[] = byOpcode(ALL);

function byOpcode(commands: readonly Command[]): (Command | undefined)[] {
  const table = new Array<Command | undefined>(256).fill(undefined);
  for (const command of commands) table[command.opcode] = command;
  return table;
}

import { Datatype, Magic, Opcode, Status } from '@cb/protocol';
import { Privilege } from '../../auth/privilege.js';
import type { Command } from '../command.js';
import type { Session } from '../context.js';
import type { Request } from '../request.js';
import * as bucketStats from '../stats/bucket-stats.js';
import * as collectionStats from '../stats/collection-stats.js';
import * as engine from '../stats/engine-groups.js';
import * as keyStats from '../stats/key-stats.js';
import * as nodeStats from '../stats/node-stats.js';
import * as progress from '../stats/progress-stats.js';
import type { StatGroup } from '../stats/stat-group.js';
import * as vbucketStats from '../stats/vbucket-stats.js';

const GROUPS: ReadonlyMap<string, StatGroup> = new Map([
  ['', bucketStats.bucketStats],
  ['all', bucketStats.bucketStats],
  ['vbucket', vbucketStats.vbucketStates],
  ['vbucket-details', vbucketStats.vbucketDetails],
  ['vbucket-seqno', vbucketStats.vbucketSeqnos],
  ['failovers', vbucketStats.failovers],
  ['hash', vbucketStats.hashTables],
  ['uuid', bucketStats.uuid],
  ['memory', bucketStats.memory],
  ['config', bucketStats.config],
  ['connections', nodeStats.connections],
  ['clocks', nodeStats.clocks],
  ['threads', nodeStats.threads],
  ['responses', nodeStats.responses],
  ['tracing', nodeStats.tracing],
  ['dcp', engine.dcp],
  ['dcpagg', engine.dcpAggregate],
  ['diskinfo', engine.diskinfo],
  ['dispatcher', engine.unmeasured],
  ['eviction', engine.eviction],
  ['info', engine.info],
  ['kvstore', engine.kvstore],
  ['kvtimings', engine.unmeasured],
  ['prev-vbucket', engine.previousStates],
  ['runtimes', engine.unmeasured],
  ['scheduler', engine.unmeasured],
  ['tasks', engine.tasks],
  ['timings', engine.timings],
  ['warmup', engine.warmup],
  ['workload', engine.workload],
  ['checkpoint', progress.checkpoints],
  ['durability-monitor', progress.durabilityMonitors],
  ['reset', bucketStats.reset],
  ['key', keyStats.keyStats],
  ['vkey', keyStats.validatedKeyStats],
  ['collections', collectionStats.collections],
  ['scopes', collectionStats.scopes],
]);

/** Statistics, one packet each, and an empty one. Source: kv_engine docs/BinaryProtocol.md, "0x10 Stat". */
export const stat: Command = {
  opcode: Opcode.Stat,
  name: 'STAT',
  scope: 'bucket',
  shape: { key: 'optional', value: 'optional', datatypes: Datatype.Json },
  privileges: [Privilege.SimpleStats],
  run,
};

function run(request: Request, session: Session): void {
  const [name = '', ...args] = request.frame.key.toString('latin1').split(' ');
  const group = GROUPS.get(name);
  const found = group === undefined ? Status.KeyNotFound : group(request, args);
  if (typeof found === 'number') {
    request.reply(found);
    return;
  }
  for (const [key, value] of found) send(request, session, key, String(value));
  send(request, session, '', '');
}

/** The packets of statistics never carry the server's time, whatever was agreed. */
function send(request: Request, session: Session, name: string, value: string): void {
  const { writer } = session;
  writer.begin(Magic.Response, Opcode.Stat);
  writer.endExtras();
  writer.latin1(name);
  writer.endKey();
  writer.utf8(value);
  request.end(Status.Success);
}

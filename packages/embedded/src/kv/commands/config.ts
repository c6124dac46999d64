import { Datatype, Opcode, Status } from '@cb/protocol';
import { Privilege } from '../../auth/privilege.js';
import { type ConfigText, isNewer } from '../../store/config-text.js';
import type { Command } from '../command.js';
import type { Session } from '../context.js';
import type { Request } from '../request.js';

/**
 * The map of the selected bucket, or, without one, of the cluster. A client that names the revision it knows (16 bytes of
 * extras) gets an empty value when there is none newer. Source: kv_engine docs/BinaryProtocol.md, "Get Cluster Config".
 */
export const getClusterConfig: Command = {
  opcode: Opcode.GetClusterConfig,
  name: 'GET_CLUSTER_CONFIG',
  scope: 'connection',
  shape: { extras: [0, 16] },
  reorderable: true,
  run: runGet,
};

function runGet(request: Request, session: Session): void {
  const config = session.node.configOf(session.bucket?.name ?? '');
  if (config === undefined) {
    request.reply(Status.KeyNotFound);
    return;
  }
  session.knownConfig = config;
  const writer = request.begin();
  if (!isKnown(request, config)) writer.raw(config.json);
  request.end(Status.Success, request.datatypeOut(Datatype.Json));
}

function isKnown({ frame }: Request, config: ConfigText): boolean {
  if (frame.extrasLength === 0) return false;
  const known = {
    epoch: frame.bytes.readBigInt64BE(frame.extrasStart),
    revision: frame.bytes.readBigInt64BE(frame.extrasStart + 8),
  };
  return !isNewer(config, known);
}

/** Puts a map in force on this node, as it is: neither its text nor the order of revisions is looked at. */
export const setClusterConfig: Command = {
  opcode: Opcode.SetClusterConfig,
  name: 'SET_CLUSTER_CONFIG',
  scope: 'connection',
  shape: { extras: 16, key: 'optional', value: 'required', datatypes: Datatype.Json },
  privileges: [Privilege.NodeSupervisor],
  run: runSet,
};

function runSet(request: Request, session: Session): void {
  const { bytes, extrasStart, key, value } = request.frame;
  const config: ConfigText = {
    epoch: bytes.readBigInt64BE(extrasStart),
    revision: bytes.readBigInt64BE(extrasStart + 8),
    json: Buffer.from(value),
  };
  const known = session.node.setConfig(key.toString('utf8'), config);
  request.reply(known ? Status.Success : Status.KeyNotFound);
}

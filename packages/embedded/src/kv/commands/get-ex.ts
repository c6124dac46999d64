import { Feature, Opcode, Status } from '@cb/protocol';
import { Privilege } from '../../auth/privilege.js';
import type { Refusal } from '../../base/refusal.js';
import type { Command } from '../command.js';
import type { Session } from '../context.js';
import type { Request } from '../request.js';

/** A document with its xattrs, in one blob. Source: kv_engine docs/BinaryProtocol.md, "0x49 GetEx". */
export const getEx: Command = {
  opcode: Opcode.GetEx,
  name: 'GET_EX',
  scope: 'vbucket',
  feature: Feature.SnappyEverywhere,
  shape: { key: 'required', check: checkFeatures },
  privileges: [Privilege.Read],
  reorderable: true,
  readsValue: 'always',
  run,
};

export const getExReplica: Command = {
  ...getEx,
  opcode: Opcode.GetExReplica,
  name: 'GET_EX_REPLICA',
  vbucketState: 'replica',
};

/** The blob is sent as it is stored, so that the client must understand all its formats. */
const NEEDED = [
  ['xattr', 'Xattr'],
  ['json', 'JSON'],
  ['snappyEverywhere', 'SnappyEverywhere'],
] as const;

function checkFeatures(_request: Request, { features }: Session): Refusal | undefined {
  for (const [flag, name] of NEEDED) {
    if (!features[flag]) return { status: Status.NotSupported, context: `${name} support must be enabled` };
  }
  return undefined;
}

function run(request: Request): void {
  const { vbucket, collection, key } = request;
  const document = vbucket.read(collection, key);
  if (document === undefined) {
    request.reply(Status.KeyNotFound);
    return;
  }
  const { value, xattrs, flags, datatype } = document;
  const blob = xattrs === undefined ? value : Buffer.concat([xattrs, value]);
  const locked = vbucket.locks.isLocked(document);
  const casHigh = locked ? 0xffffffff : document.casHigh;
  const casLow = locked ? 0xffffffff : document.casLow;
  request.replyValue(flags, blob, datatype, casHigh, casLow);
}

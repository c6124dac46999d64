import { Datatype, Opcode, Status } from '@cb/protocol';
import { u32 } from '@cb/protocol/internal';
import { Privilege } from '../../auth/privilege.js';
import { Document } from '../../store/document.js';
import { type Command, Framing } from '../command.js';
import { incomingValue, isRefusal, refuse } from '../incoming-value.js';
import type { Request } from '../request.js';
import { write, writeRefusal } from '../write.js';

/** Source for all: kv_engine docs/BinaryProtocol.md, "0x01 Set, 0x02 Add, 0x03 Replace". */
export const set: Command = {
  opcode: Opcode.Set,
  name: 'SET',
  scope: 'vbucket',
  shape: {
    extras: 8,
    key: 'required',
    value: 'optional',
    cas: 'optional',
    datatypes: Datatype.Json | Datatype.Snappy,
    framing: Framing.Durability | Framing.PreserveTtl,
  },
  privileges: [Privilege.Upsert],
  reorderable: true,
  readsValue: 'of-xattrs',
  takesMemory: true,
  run: (request) => run(request, allowAny),
};

export const add: Command = {
  ...set,
  opcode: Opcode.Add,
  name: 'ADD',
  shape: { ...set.shape, cas: 'none', framing: Framing.Durability },
  privileges: [Privilege.Insert | Privilege.Upsert],
  run: (request) => run(request, allowMissing),
};

export const replace: Command = {
  ...set,
  opcode: Opcode.Replace,
  name: 'REPLACE',
  run: (request) => run(request, allowExisting),
};

export const setQ: Command = { ...set, opcode: Opcode.SetQ, name: 'SETQ', quiet: 'success', reorderable: false };
export const addQ: Command = { ...add, opcode: Opcode.AddQ, name: 'ADDQ', quiet: 'success', reorderable: false };
export const replaceQ: Command = {
  ...replace,
  opcode: Opcode.ReplaceQ,
  name: 'REPLACEQ',
  quiet: 'success',
  reorderable: false,
};

/** Returns the status of the command for the outcome of the checks of every write. */
type Condition = (refusal: number, current: Document | undefined) => number;

function allowAny(refusal: number): number {
  return refusal;
}

/** That a document is there comes before its lock and its CAS, but not before a pending write of it. */
function allowMissing(refusal: number, current: Document | undefined): number {
  if (current === undefined) return refusal;
  const first = refusal === Status.SyncWriteInProgress || refusal === Status.DurabilityImpossible;
  return first ? refusal : Status.KeyExists;
}

function allowExisting(refusal: number, current: Document | undefined): number {
  return current === undefined && refusal === Status.Success ? Status.KeyNotFound : refusal;
}

function run(request: Request, condition: Condition): void {
  const { vbucket, bucket, collection, key, frame } = request;
  const current = vbucket.read(collection, key);
  const incoming = incomingValue(request, current?.xattrs?.length);
  if (isRefusal(incoming)) {
    refuse(request, incoming);
    return;
  }
  const refusal = condition(writeRefusal(request, current), current);
  if (refusal !== Status.Success) {
    request.reply(refusal);
    return;
  }
  const { bytes, extrasStart } = frame;
  const keepsExpiry = request.preserveTtl && current !== undefined;
  const parts = {
    value: incoming.value,
    xattrs: current?.xattrs,
    datatype: incoming.datatype,
    flags: u32(bytes, extrasStart),
    expiry: keepsExpiry ? current.expiry : bucket.expiry(u32(bytes, extrasStart + 4), collection),
  };
  write(request, new Document(collection, key, parts));
}

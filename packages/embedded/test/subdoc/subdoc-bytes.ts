import { Datatype } from '@cb/protocol';
import { Document } from '../../src/store/document.js';
import type { SubdocDocument } from '../../src/subdoc/document.js';
import type { SubdocEnvironment } from '../../src/subdoc/environment.js';
import { execute } from '../../src/subdoc/execute.js';
import { parseMulti } from '../../src/subdoc/multi.js';
import { operationOf } from '../../src/subdoc/operation.js';
import type { SubdocOutcome } from '../../src/subdoc/outcome.js';
import { parseSingle } from '../../src/subdoc/single.js';
import type { CommandLimits, SubdocCommand } from '../../src/subdoc/subdoc-command.js';

/** One spec, before it is bytes: opcode, path, value, flags. */
export type SpecParts = readonly [opcode: number, path: string, value?: string, flags?: number];

/** What a server of 7.2 takes ... */
export const LIMITS_7_2: CommandLimits = {
  xattrs: true,
  replicaReads: false,
  replicaReadsOfDeleted: false,
  manyXattrs: false,
  binaryXattrs: false,
  userFlags: false,
};

/** ... and one that can do all. */
export const LIMITS: CommandLimits = {
  xattrs: true,
  replicaReads: true,
  replicaReadsOfDeleted: true,
  manyXattrs: true,
  binaryXattrs: true,
  userFlags: true,
};

export const environment: SubdocEnvironment = {
  vbucketUuid: 0x9d485e2a9ee6n,
  casIsTime: true,
  nowSeconds: 1_795_162_253,
  mayReadSystemXattrs: true,
  mayWriteSystemXattrs: true,
};

export function lookupSpec([opcode, path, , flags = 0]: SpecParts): Buffer {
  const head = Buffer.from([opcode, flags, 0, 0]);
  head.writeUInt16BE(Buffer.byteLength(path), 2);
  return Buffer.concat([head, Buffer.from(path)]);
}

export function mutationSpec([opcode, path, value = '', flags = 0]: SpecParts): Buffer {
  const head = Buffer.from([opcode, flags, 0, 0, 0, 0, 0, 0]);
  head.writeUInt16BE(Buffer.byteLength(path), 2);
  head.writeUInt32BE(Buffer.byteLength(value), 4);
  return Buffer.concat([head, Buffer.from(path), Buffer.from(value)]);
}

/** A command, which must be in order. */
export function multi(mutates: boolean, specs: readonly SpecParts[], docFlags = 0, cas = 0n): SubdocCommand {
  const value = Buffer.concat(specs.map(mutates ? mutationSpec : lookupSpec));
  const command = parseMulti(mutates, { extras: Buffer.from(docFlags === 0 ? [] : [docFlags]), value, cas }, LIMITS);
  if ('status' in command) throw new Error(`refused: ${JSON.stringify(command)}`);
  return command;
}

export function single([opcode, path, value = '', flags = 0]: SpecParts, docFlags = 0, cas = 0n): SubdocCommand {
  const extras = Buffer.from([0, 0, flags, docFlags]);
  extras.writeUInt16BE(Buffer.byteLength(path));
  const command = parseSingle(operationOf(opcode)!, { extras, value: Buffer.from(path + value), cas }, LIMITS);
  if ('status' in command) throw new Error(`refused: ${JSON.stringify(command)}`);
  return command;
}

export interface StoredParts {
  readonly xattrs?: Buffer | undefined;
  readonly datatype?: number;
  readonly deleted?: boolean;
  readonly locked?: boolean;
  readonly expiry?: number;
}

/** A stored document with cas 0x18e9b28eeef90000, seqno 14, revision 3, flags 153 and no expiry. */
export function stored(body: string, parts: StoredParts = {}): SubdocDocument {
  const { xattrs, datatype = Datatype.Json, deleted = false, locked = false, expiry = 0 } = parts;
  const value = Buffer.from(body);
  const document = new Document(0, 'key', { value, xattrs, datatype, flags: 153, expiry: 0 }, deleted);
  document.casHigh = 0x18e9b28e;
  document.casLow = 0xeef90000;
  document.seqno = 14;
  document.revision = 3;
  return { stored: document, body: value, locked, expiry };
}

export function run(command: SubdocCommand, document: SubdocDocument | undefined): SubdocOutcome {
  return execute(command, document, environment);
}

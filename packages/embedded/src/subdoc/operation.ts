import { Opcode } from '@cb/protocol';
import { counter, dictAdd, dictUpsert, remove, replace } from './edit.js';
import { addUnique, insert, pushFirst, pushLast } from './edit-array.js';
import { exists, get, getCount } from './lookup.js';
import type { PathOperation } from './path-operation.js';

/** Flags of one path. */
export const PathFlag = {
  MakeParents: 0x01,
  Xattr: 0x04,
  ExpandMacros: 0x10,
  /** The value is bytes, which the attribute holds encoded. Not in 7.2. */
  Binary: 0x20,
} as const;

/** Flags of the whole command. */
export const DocFlag = {
  /** Creates the document when it is missing. */
  Mkdoc: 0x01,
  /** Creates the document, which must be missing. */
  Add: 0x02,
  /** Works on tombstones too. */
  AccessDeleted: 0x04,
  /** A document that is created is a tombstone. */
  CreateAsDeleted: 0x08,
  /** Turns a tombstone into a document. */
  Revive: 0x10,
  /** Looks into a replica's copy instead of the active one. Not in 7.2. */
  ReplicaRead: 0x20,
} as const;

/** What one sub-document operation is, as data. Source: kv_engine docs/SubDocument.md. */
export interface Operation {
  readonly opcode: number;
  readonly mutates: boolean;
  /** What it works on; `xattr to body` reads an attribute and replaces the body. */
  readonly scope: 'path' | 'document' | 'xattr to body';
  /** Carries it out, for the scopes that have a path. */
  readonly run: PathOperation;
  readonly hasValue: boolean;
  readonly mayHaveEmptyPath: boolean;
  /** Its result is sent to the client. */
  readonly replies: boolean;
  readonly pathFlags: number;
  readonly pathFlagsRequired: number;
  readonly docFlags: number;
}

const { MakeParents, Xattr, ExpandMacros, Binary } = PathFlag;
const { Mkdoc, Add, AccessDeleted, CreateAsDeleted, Revive, ReplicaRead } = DocFlag;

type Details = Partial<Omit<Operation, 'opcode' | 'mutates' | 'run'>>;

function lookup(opcode: number, run: PathOperation, details: Details = {}): Operation {
  return {
    opcode,
    mutates: false,
    scope: 'path',
    run,
    hasValue: false,
    mayHaveEmptyPath: false,
    replies: true,
    pathFlags: Xattr,
    pathFlagsRequired: 0,
    docFlags: AccessDeleted | Revive | ReplicaRead,
    ...details,
  };
}

function edit(opcode: number, run: PathOperation, details: Details = {}): Operation {
  return {
    opcode,
    mutates: true,
    scope: 'path',
    run,
    hasValue: true,
    mayHaveEmptyPath: false,
    replies: false,
    pathFlags: MakeParents | Xattr | ExpandMacros,
    pathFlagsRequired: 0,
    docFlags: Mkdoc | Add | AccessDeleted | CreateAsDeleted | Revive,
    ...details,
  };
}

/** An operation on the whole body: a path operation in form only. */
const WHOLE = { scope: 'document', mayHaveEmptyPath: true, pathFlags: 0 } as const;

const ALL: readonly Operation[] = [
  lookup(Opcode.Get, get, WHOLE),
  lookup(Opcode.SubdocGet, get, { pathFlags: Xattr | Binary }),
  lookup(Opcode.SubdocExists, exists, { replies: false }),
  lookup(Opcode.SubdocGetCount, getCount, { mayHaveEmptyPath: true }),
  edit(Opcode.Set, replace, { ...WHOLE, docFlags: Mkdoc | Add }),
  edit(Opcode.Delete, remove, { ...WHOLE, hasValue: false, docFlags: AccessDeleted | Revive }),
  edit(Opcode.SubdocDictAdd, dictAdd, { pathFlags: MakeParents | Xattr | ExpandMacros | Binary }),
  edit(Opcode.SubdocDictUpsert, dictUpsert, { pathFlags: MakeParents | Xattr | ExpandMacros | Binary }),
  edit(Opcode.SubdocDelete, remove, { hasValue: false, pathFlags: Xattr, docFlags: AccessDeleted | Revive }),
  edit(Opcode.SubdocReplace, replace, {
    pathFlags: Xattr | ExpandMacros | Binary,
    docFlags: Add | AccessDeleted | Revive,
  }),
  edit(Opcode.SubdocArrayPushLast, pushLast, { mayHaveEmptyPath: true }),
  edit(Opcode.SubdocArrayPushFirst, pushFirst, { mayHaveEmptyPath: true }),
  edit(Opcode.SubdocArrayInsert, insert, {
    pathFlags: Xattr | ExpandMacros,
    docFlags: Add | AccessDeleted | CreateAsDeleted | Revive,
  }),
  edit(Opcode.SubdocArrayAddUnique, addUnique, { mayHaveEmptyPath: true, pathFlags: MakeParents | Xattr }),
  edit(Opcode.SubdocCounter, counter, { replies: true, pathFlags: MakeParents | Xattr }),
  edit(Opcode.SubdocReplaceBodyWithXattr, get, {
    scope: 'xattr to body',
    hasValue: false,
    pathFlags: Xattr | Binary,
    pathFlagsRequired: Xattr,
    docFlags: AccessDeleted | Revive,
  }),
];

const byOpcode = new Map(ALL.map((operation) => [operation.opcode, operation]));

/** The operation that an opcode names in a sub-document command; undefined for another opcode. */
export function operationOf(opcode: number): Operation | undefined {
  return byOpcode.get(opcode);
}

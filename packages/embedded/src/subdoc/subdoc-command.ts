import { Status } from '@cb/protocol';
import type { Refusal } from '../base/refusal.js';
import { isBadlyEncoded } from './binary-value.js';
import { isMacro } from './macros.js';
import { DocFlag, type Operation, PathFlag } from './operation.js';
import { isVirtualXattr, xattrKeyLength } from './xattr.js';

/** One operation of a command. */
export interface Spec {
  readonly operation: Operation;
  /** Bits of `PathFlag`, as sent. */
  readonly flags: number;
  readonly path: Buffer;
  readonly value: Buffer;
}

/** A valid sub-document command. */
export interface SubdocCommand {
  /** Several operations with a result each, or one whose result is the command's. */
  readonly isMulti: boolean;
  readonly mutates: boolean;
  /** Bits of `DocFlag`. */
  readonly docFlags: number;
  /** Seconds as in any mutation; 0 is never. */
  readonly expiry: number;
  /** The document's flags from now on; undefined leaves them as they are. */
  readonly userFlags: number | undefined;
  /** 0 stands for any. */
  readonly cas: bigint;
  readonly specs: readonly Spec[];
}

/** The facts about connection, bucket and server that decide whether a command is valid. */
export interface CommandLimits extends ServerLimits {
  /** The connection agreed to extended attributes, and the bucket has them. */
  readonly xattrs: boolean;
}

/** Features of the server that one of 7.2 does not have. */
export interface ServerLimits {
  /** Lookups in replicas. */
  readonly replicaReads: boolean;
  /** Of deleted documents too. */
  readonly replicaReadsOfDeleted: boolean;
  /** One command may name several attributes; else a single one, and any number of virtual ones. */
  readonly manyXattrs: boolean;
  /** Attributes may hold bytes. */
  readonly binaryXattrs: boolean;
  /** Mutations may set the document's flags. */
  readonly userFlags: boolean;
}

export function invalid(context: string): Refusal {
  return { status: Status.Invalid, context };
}

const DOC_FLAGS_KNOWN = Object.values(DocFlag).reduce((all, flag) => all | flag, 0);
const DOC_FLAGS_7_2 = DOC_FLAGS_KNOWN & ~DocFlag.ReplicaRead;

const NO_XATTRS: Refusal = { status: Status.NotSupported, context: 'Connection not XATTR enabled' };
const BAD_KEY: Refusal = { status: Status.XattrInvalid, context: 'Request XATTR key invalid' };
const BAD_BINARY: Refusal = { status: Status.XattrInvalid, context: 'Incorrectly encoded binary value' };
const MACROS_IN_BODY = flagCombination('EXPAND_MACROS flag requires XATTR flag to be set');
const BINARY_IN_BODY = flagCombination('BINARY_VALUE flag requires XATTR flag to be set');
const BINARY_MACROS = flagCombination("BINARY_VALUE can't be used together with EXPAND_MACROS");

function flagCombination(context: string): Refusal {
  return { status: Status.SubdocXattrInvalidFlagCombo, context };
}

/** Whether there are document flags that the server does not know. */
export function hasUnknownFlags(docFlags: number, { replicaReads }: ServerLimits): boolean {
  return (docFlags & ~(replicaReads ? DOC_FLAGS_KNOWN : DOC_FLAGS_7_2)) !== 0;
}

/** Servers from before the feature look into replicas for documents that exist only. */
export function checkReplicaRead(docFlags: number, { replicaReadsOfDeleted }: ServerLimits): Refusal | undefined {
  const isOfDeleted = (docFlags & DocFlag.ReplicaRead) !== 0 && (docFlags & DocFlag.AccessDeleted) !== 0;
  if (!isOfDeleted || replicaReadsOfDeleted) return undefined;
  return invalid("Can't access deleted documents on replicas");
}

/** Document flags that exclude each other, or a CAS. */
export function checkDocFlags(docFlags: number, cas: bigint): Refusal | undefined {
  if (docFlags & DocFlag.Add && cas !== 0n) return invalid('Request with add flag must have CAS 0');
  if (docFlags & DocFlag.Add && docFlags & DocFlag.Mkdoc) {
    return invalid('Request must not contain both add and mkdoc flags');
  }
  return undefined;
}

/** Flags that the operation does not have, or lacks. */
export function checkFlags(
  operation: Operation,
  flags: number,
  docFlags: number,
  { binaryXattrs }: ServerLimits,
): Refusal | undefined {
  const known = binaryXattrs ? operation.pathFlags : operation.pathFlags & ~PathFlag.Binary;
  if (flags & ~known) return invalid('Request flags invalid');
  if ((flags & operation.pathFlagsRequired) !== operation.pathFlagsRequired) {
    return invalid('Request missing mandatory flags');
  }
  return docFlags & ~operation.docFlags ? invalid('Request document flags invalid') : undefined;
}

export function checkValuePresence({ operation, value }: Spec): Refusal | undefined {
  if (operation.hasValue === value.length > 0) return undefined;
  return invalid(operation.hasValue ? 'Request must include value' : 'Request must not include value');
}

export function isXattrSpec(spec: Spec): boolean {
  return (spec.flags & PathFlag.Xattr) !== 0;
}

/** Checks the attributes in specs. */
export class XattrRules {
  readonly #limits: CommandLimits;
  #key: Buffer | undefined;

  constructor(limits: CommandLimits) {
    this.#limits = limits;
  }

  check(spec: Spec): Refusal | undefined {
    const { flags, path, operation } = spec;
    const expands = (flags & PathFlag.ExpandMacros) !== 0;
    const isBinary = (flags & PathFlag.Binary) !== 0;
    if (!isXattrSpec(spec)) return expands ? MACROS_IN_BODY : isBinary ? BINARY_IN_BODY : undefined;
    if (isBinary && expands) return BINARY_MACROS;
    if (!this.#limits.xattrs) return NO_XATTRS;
    const keyLength = xattrKeyLength(path);
    if (keyLength < 0) return BAD_KEY;
    if (isVirtualXattr(path)) {
      if (operation.mutates) return { status: Status.SubdocXattrCantModifyVattr };
    } else if (!this.#limits.manyXattrs) {
      const key = path.subarray(0, keyLength);
      this.#key ??= key;
      if (!this.#key.equals(key)) return { status: Status.SubdocXattrInvalidKeyCombo };
    }
    if (this.#limits.binaryXattrs && isBadlyEncoded(spec.value)) return BAD_BINARY;
    return expands && !isMacro(spec.value) ? { status: Status.SubdocXattrUnknownMacro } : undefined;
  }
}

import { Feature } from '@cb/protocol';
import { checkBoolean, checkOptions } from '../values/argument-checks.js';
import type { Transcoder } from '../values/transcoder.js';

/** Flags of one path on the wire (kv_engine docs/SubDocument.md, "Path Flags"). */
export const PathFlag = { CreateParents: 0x01, Xattr: 0x04, ExpandMacros: 0x10, Binary: 0x20 } as const;

/** Whether a path is one of an extended attribute. */
export interface XattrOptions {
  /** The path is in the extended attributes instead of the body. Default false. */
  readonly xattr?: boolean | undefined;
}

/** Whether the value at a path is bytes. */
export interface BinaryOptions extends XattrOptions {
  /** The value is bytes instead of JSON. Implies `xattr`. Default false. */
  readonly binary?: boolean | undefined;
}

/** One operation inside a document: data, made by `LookupInSpec` and `MutateInSpec`. `T` is what it answers. */
export interface SubdocSpec<T = unknown> {
  /** The opcode on the wire. */
  readonly opcode: number;
  /** The path. */
  readonly path: string;
  /** Bits of `PathFlag`. */
  readonly flags: number;
  /** Absent in lookups. */
  readonly payload?: string | Uint8Array;
  /** Reads the bytes of the answer, JSON as the transcoder reads it; absent when there is none. */
  readonly read: ((bytes: Buffer, transcoder: Transcoder) => T) | undefined;
  /** HELLO features that the server must have. */
  readonly requires: readonly number[];
}

const FLAGS = {
  createParents: PathFlag.CreateParents,
  xattr: PathFlag.Xattr,
  expandMacros: PathFlag.ExpandMacros | PathFlag.Xattr,
  binary: PathFlag.Binary | PathFlag.Xattr,
} as const;

type PathOptionName = keyof typeof FLAGS;

/** The flags that options of a path stand for; `known` are those that the operation has. */
export function pathFlags(name: string, options: object | undefined, known: readonly PathOptionName[]): number {
  if (options === undefined) return 0;
  checkOptions(name, options, known);
  let flags = 0;
  for (const option of known) {
    const value = (options as Partial<Record<PathOptionName, unknown>>)[option];
    if (value !== undefined && checkBoolean(value, option)) flags |= FLAGS[option];
  }
  return flags;
}

/** The features that flags need. */
export function featuresOf(flags: number): number[] {
  const features: number[] = [];
  if ((flags & PathFlag.Xattr) !== 0) features.push(Feature.Xattr);
  if ((flags & PathFlag.Binary) !== 0) features.push(Feature.SubdocBinaryXattr);
  return features;
}

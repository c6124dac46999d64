import { types } from 'node:util';
import { ArgumentError, Feature, Opcode, ValueFormatError } from '@cb/protocol';
import { describe } from '../values/argument-checks.js';
import { stringifyJson } from '../values/exact-json.js';
import { MutateInMacro } from './mutate-in-macro.js';
import { checkFullPath, checkPath } from './path.js';
import { readCounter } from './read.js';
import { type BinaryOptions, featuresOf, PathFlag, pathFlags, type SubdocSpec, type XattrOptions } from './spec.js';

/** Whether missing parents of a path are created. */
export interface ParentsOptions extends XattrOptions {
  /** Objects on the way that are missing are created; elements of arrays are not. Default false. */
  readonly createParents?: boolean | undefined;
}

/** Options of values that the server fills in. */
export interface MacroOptions extends XattrOptions {
  /**
   * The value is a macro, as a string like `${Mutation.CAS}`, which the server replaces. Implies `xattr`. A
   * `MutateInMacro` needs neither. Default false.
   */
  readonly expandMacros?: boolean | undefined;
}

/** Options of `MutateInSpec.replace`. */
export interface ReplaceInOptions extends BinaryOptions, MacroOptions {}
/** Options of `MutateInSpec.upsert`. */
export interface UpsertInOptions extends ReplaceInOptions, ParentsOptions {}
/** Options of mutations of arrays. */
export interface ArrayOptions extends ParentsOptions, MacroOptions {}

const UPSERT_OPTIONS = ['createParents', 'xattr', 'expandMacros', 'binary'] as const;
const REPLACE_OPTIONS = ['xattr', 'expandMacros', 'binary'] as const;
const ARRAY_OPTIONS = ['createParents', 'xattr', 'expandMacros'] as const;
const ARRAY_INSERT_OPTIONS = ['xattr', 'expandMacros'] as const;
const PARENTS_OPTIONS = ['createParents', 'xattr'] as const;

/** How macros about the document begin, on the wire. */
const DOCUMENT_MACRO = `"\${$document`;
const I64_MAX = 2n ** 63n - 1n;

/**
 * What `mutateIn` does in a document. `T` is the type of the answer, which only `counter` has.
 *
 * Paths are those of `LookupInSpec`. Values are anything that JSON can express, bigints too, and are encoded in the
 * call: `ValueFormatError` when that fails. All throw `ArgumentError` for paths over the limits (1,024 bytes, 32
 * components), for an empty path where that names nothing (`SubdocEmptyPathError`), and for unknown options.
 * Source: kv_engine docs/SubDocument.md.
 */
export class MutateInSpec<T = unknown> implements SubdocSpec<T> {
  /** Tells mutations from lookups. */
  readonly kind = 'mutation';
  /** The opcode on the wire. */
  readonly opcode: number;
  /** The path. */
  readonly path: string;
  readonly flags: number;
  readonly payload: string | Uint8Array;
  readonly read: ((bytes: Buffer) => T) | undefined;
  readonly requires: readonly number[];

  private constructor(
    opcode: number,
    path: string,
    flags: number,
    payload: string | Uint8Array = '',
    read?: (bytes: Buffer) => T,
  ) {
    this.opcode = opcode;
    this.path = path;
    this.flags = flags;
    this.payload = payload;
    this.read = read;
    this.requires = requirements(opcode, flags, payload);
  }

  /** Sets a member of an object, whether or not it exists. */
  static upsert(path: string, value: unknown, options?: UpsertInOptions): MutateInSpec<undefined> {
    const flags = pathFlags('upsert', options, UPSERT_OPTIONS);
    return MutateInSpec.#writing(Opcode.SubdocDictUpsert, checkFullPath('upsert', path), flags, value);
  }

  /** Adds a member to an object; `SubdocPathExistsError` when it exists. */
  static insert(path: string, value: unknown, options?: UpsertInOptions): MutateInSpec<undefined> {
    const flags = pathFlags('insert', options, UPSERT_OPTIONS);
    return MutateInSpec.#writing(Opcode.SubdocDictAdd, checkFullPath('insert', path), flags, value);
  }

  /** Replaces a member or element; `SubdocPathNotFoundError` when it does not exist. */
  static replace(path: string, value: unknown, options?: ReplaceInOptions): MutateInSpec<undefined> {
    const flags = pathFlags('replace', options, REPLACE_OPTIONS);
    return MutateInSpec.#writing(Opcode.SubdocReplace, checkFullPath('replace', path), flags, value);
  }

  /** Removes a member or element; `SubdocPathNotFoundError` when it does not exist. */
  static remove(path: string, options?: XattrOptions): MutateInSpec<undefined> {
    const flags = pathFlags('remove', options, ['xattr']);
    return new MutateInSpec(Opcode.SubdocDelete, checkFullPath('remove', path), flags);
  }

  /** Adds values at the end of an array, in their order. The empty path is the whole document. */
  static arrayAppend(path: string, values: readonly unknown[], options?: ArrayOptions): MutateInSpec<undefined> {
    const flags = pathFlags('arrayAppend', options, ARRAY_OPTIONS);
    return MutateInSpec.#writingAll(Opcode.SubdocArrayPushLast, checkPath('arrayAppend', path), flags, values);
  }

  /** Adds values at the beginning of an array; afterwards they stand there in their order. */
  static arrayPrepend(path: string, values: readonly unknown[], options?: ArrayOptions): MutateInSpec<undefined> {
    const flags = pathFlags('arrayPrepend', options, ARRAY_OPTIONS);
    return MutateInSpec.#writingAll(Opcode.SubdocArrayPushFirst, checkPath('arrayPrepend', path), flags, values);
  }

  /** Adds values before the element that the path names, like `a[2]`; at the end when that is the array's length. */
  static arrayInsert(path: string, values: readonly unknown[], options?: MacroOptions): MutateInSpec<undefined> {
    const flags = pathFlags('arrayInsert', options, ARRAY_INSERT_OPTIONS);
    return MutateInSpec.#writingAll(Opcode.SubdocArrayInsert, checkFullPath('arrayInsert', path), flags, values);
  }

  /**
   * Adds a value to the end of an array, unless it has it: `SubdocPathExistsError` then. All elements must be strings,
   * numbers, booleans or null (`SubdocPathMismatchError`), and so must the value; they are compared as JSON texts.
   */
  static arrayAddUnique(path: string, value: unknown, options?: ParentsOptions): MutateInSpec<undefined> {
    const flags = pathFlags('arrayAddUnique', options, PARENTS_OPTIONS);
    if (value instanceof MutateInMacro) throw new ArgumentError('arrayAddUnique takes no macro: the server refuses it');
    return MutateInSpec.#writing(Opcode.SubdocArrayAddUnique, checkPath('arrayAddUnique', path), flags, value);
  }

  /**
   * Adds to a number, which is 0 when it does not exist, and answers the new one. `delta` is an integer from -2^63 to
   * 2^63 - 1, not 0. `SubdocPathMismatchError` when there is something else than an integer.
   */
  static counter(path: string, delta: number | bigint, options?: ParentsOptions): MutateInSpec<number | bigint> {
    const flags = pathFlags('counter', options, PARENTS_OPTIONS);
    const checked = checkFullPath('counter', path);
    return new MutateInSpec(Opcode.SubdocCounter, checked, flags, String(checkDelta(delta)), readCounter);
  }

  /** Stores the whole body, for having it stored together with attributes. */
  static setDocument(value: unknown): MutateInSpec<undefined> {
    return MutateInSpec.#writing(Opcode.Set, '', 0, value);
  }

  /** Removes the document with its attributes, except those of the system (`_name`). No other change of the body goes with it. */
  static removeDocument(): MutateInSpec<undefined> {
    return new MutateInSpec(Opcode.Delete, '', 0);
  }

  /** Makes what an attribute has the body of the document (Server 7.0 or newer). The attribute stays. */
  static replaceBodyWithXattr(
    path: string,
    options?: { readonly binary?: boolean | undefined },
  ): MutateInSpec<undefined> {
    const flags = pathFlags('replaceBodyWithXattr', options, ['binary']) | PathFlag.Xattr;
    return new MutateInSpec(Opcode.SubdocReplaceBodyWithXattr, checkFullPath('replaceBodyWithXattr', path), flags);
  }
  static #writing(opcode: number, path: string, flags: number, value: unknown): MutateInSpec<undefined> {
    if (value instanceof MutateInMacro) {
      return new MutateInSpec(opcode, path, flags | EXPANDS, JSON.stringify(value.text));
    }
    return new MutateInSpec(opcode, path, flags, (flags & PathFlag.Binary) === 0 ? stringifyJson(value) : bytes(value));
  }

  static #writingAll(opcode: number, path: string, flags: number, values: unknown): MutateInSpec<undefined> {
    if (!Array.isArray(values)) throw new ArgumentError(`values must be an array of values, not ${describe(values)}`);
    if (values.length === 0) throw new ValueFormatError('values must not be empty');
    if (values.length === 1) return MutateInSpec.#writing(opcode, path, flags, values[0]);
    return new MutateInSpec(opcode, path, flags, values.map(stringifyJson).join(','));
  }
}

const EXPANDS = PathFlag.ExpandMacros | PathFlag.Xattr;

function bytes(value: unknown): Uint8Array {
  if (types.isUint8Array(value)) return value;
  throw new ValueFormatError(`with binary, the value is a Uint8Array, not ${describe(value)}`);
}

function checkDelta(delta: unknown): bigint {
  const isInteger = typeof delta === 'bigint' || (typeof delta === 'number' && Number.isSafeInteger(delta));
  const exact = isInteger ? BigInt(delta) : 0n;
  if (exact !== 0n && exact >= -I64_MAX - 1n && exact <= I64_MAX) return exact;
  throw new ArgumentError(`delta is an integer of 64 bits other than 0, not ${describe(delta)}`);
}

function requirements(opcode: number, flags: number, payload: string | Uint8Array): number[] {
  const features = featuresOf(flags);
  if (opcode === Opcode.SubdocReplaceBodyWithXattr) features.push(Feature.SubdocReplaceBodyWithXattr);
  const expands = (flags & PathFlag.ExpandMacros) !== 0;
  if (expands && typeof payload === 'string' && payload.startsWith(DOCUMENT_MACRO)) {
    features.push(Feature.SubdocDocumentMacroSupport);
  }
  return features;
}

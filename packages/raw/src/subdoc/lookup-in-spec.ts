import { Opcode } from '@cb/protocol';
import { checkBoolean, checkOptions } from '../values/argument-checks.js';
import type { Transcoder } from '../values/transcoder.js';
import { checkFullPath, checkPath } from './path.js';
import { readBytes, readCount, readJson } from './read.js';
import { type BinaryOptions, featuresOf, pathFlags, type SubdocSpec, type XattrOptions } from './spec.js';

/**
 * What `lookupIn` asks of a document. `T` is the type of the answer.
 *
 * Paths are written as in N1QL: `a.b[0].c`, with `[-1]` for the last element and backticks round names that contain
 * dots or brackets; `subdocPath` writes them. In a path with `xattr`, the first name is that of the attribute:
 * `$document`, for one, has what the server knows of the document (`$document.exptime`, `$document.CAS`, …).
 * Limits: 1,024 bytes, 32 components. Source: kv_engine docs/SubDocument.md, docs/ExtendedAttributes.md.
 *
 * All throw `ArgumentError` for paths over the limits (`SubdocEmptyPathError` for an empty one, where that names
 * nothing) and for unknown options.
 */
export class LookupInSpec<T = unknown> implements SubdocSpec<T> {
  /** Tells lookups from mutations. */
  readonly kind = 'lookup';
  /** The opcode on the wire. */
  readonly opcode: number;
  /** The path. */
  readonly path: string;
  readonly flags: number;
  readonly read: (bytes: Buffer, transcoder: Transcoder) => T;
  readonly requires: readonly number[];

  private constructor(opcode: number, path: string, flags: number, read: (bytes: Buffer, transcoder: Transcoder) => T) {
    this.opcode = opcode;
    this.path = path;
    this.flags = flags;
    this.read = read;
    this.requires = featuresOf(flags);
  }

  /** The value at a path. With `binary`, the bytes of a binary attribute. */
  static get(path: string, options: BinaryOptions & { readonly binary: true }): LookupInSpec<Buffer>;
  static get<T = unknown>(
    path: string,
    options?: XattrOptions & { readonly binary?: false | undefined },
  ): LookupInSpec<T>;
  static get(path: string, options?: BinaryOptions): LookupInSpec {
    const flags = pathFlags('get', options, ['xattr', 'binary']);
    return new LookupInSpec(
      Opcode.SubdocGet,
      checkFullPath('get', path),
      flags,
      options?.binary === true ? readBytes : readJson,
    );
  }

  /** Whether there is anything at a path. */
  static exists(path: string, options?: XattrOptions): LookupInSpec<boolean> {
    const flags = pathFlags('exists', options, ['xattr']);
    return new LookupInSpec<boolean>(Opcode.SubdocExists, checkFullPath('exists', path), flags, () => true);
  }

  /** How many members or elements the object or array at a path has; the empty path is the whole document. */
  static getCount(path: string, options?: XattrOptions): LookupInSpec<number> {
    const flags = pathFlags('getCount', options, ['xattr']);
    return new LookupInSpec(Opcode.SubdocGetCount, checkPath('getCount', path), flags, readCount);
  }

  /** The whole document, for having it together with attributes. With `noFormat`, its bytes, whatever they are. */
  static getDocument(options: { readonly noFormat: true }): LookupInSpec<Buffer>;
  static getDocument<T = unknown>(options?: { readonly noFormat?: boolean | undefined }): LookupInSpec<T>;
  static getDocument(options?: { readonly noFormat?: boolean | undefined }): LookupInSpec {
    checkOptions('getDocument', options, ['noFormat']);
    const asBytes = checkBoolean(options?.noFormat ?? false, 'noFormat');
    return new LookupInSpec(Opcode.Get, '', 0, asBytes ? readBytes : readJson);
  }
}

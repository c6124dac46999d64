import { Status } from '@cb/protocol';
import { decodeXattrs, encodeXattrs, type Xattr } from '../store/xattr.js';
import { crc32c } from './crc32c.js';
import type { Draft } from './draft.js';
import type { SubdocEnvironment } from './environment.js';
import { Children } from './json-scan.js';
import { MacroPlaceholders } from './macros.js';
import { PathFlag } from './operation.js';
import type { SpecResult } from './outcome.js';
import { NOTHING } from './path-operation.js';
import { runPath } from './run-path.js';
import { isXattrSpec, type Spec, type SubdocCommand } from './subdoc-command.js';
import { expandVirtualMacro, type VirtualSource, virtualXattr } from './virtual.js';
import { isVirtualXattr, removeXattr, setXattr, xattrKeyLength } from './xattr.js';

const EMPTY_OBJECT = Buffer.from('{}');

/**
 * A command's work on the one attribute it names. Paths begin with the attribute's key, so that they are followed in
 * the text `{"key":value}`, or `{}` when there is no such attribute.
 */
export class XattrEdit {
  /** The attribute's key; undefined when the command names only virtual ones. */
  readonly key: string | undefined;
  readonly #docFlags: number;
  readonly #source: VirtualSource;
  readonly #xattrs: readonly Xattr[];
  readonly #placeholders: MacroPlaceholders | undefined;
  #text: Buffer;

  constructor(command: SubdocCommand, draft: Draft, environment: SubdocEnvironment) {
    const specs = command.specs.filter(isXattrSpec);
    const named = specs.find(({ path }) => !isVirtualXattr(path));
    this.key = named === undefined ? undefined : keyOf(named.path);
    this.#docFlags = command.docFlags;
    this.#source = { document: draft.original, body: draft.body, environment };
    this.#xattrs = decodeXattrs(draft.xattrs) ?? [];
    this.#text = textOf(this.#xattrs.find(({ key }) => key === this.key));
    if (specs.some(({ flags }) => flags & PathFlag.ExpandMacros)) {
      this.#placeholders = new MacroPlaceholders([this.#text, ...specs.map(({ value }) => value)]);
    }
  }

  /** Carries out one spec that has an attribute's path. */
  run(spec: Spec, draft: Draft): SpecResult {
    const value = spec.flags & PathFlag.ExpandMacros ? this.#expandable(spec.value) : spec.value;
    if (value === undefined) return { status: Status.SubdocXattrUnknownVattrMacro, value: NOTHING };
    const text = isVirtualXattr(spec.path) ? virtualXattr(keyOf(spec.path), this.#source) : this.#text;
    if (text === undefined) return { status: Status.SubdocXattrUnknownVattr, value: NOTHING };
    const result = runPath(spec, text, value, this.#docFlags);
    if (typeof result === 'number') return { status: result, value: NOTHING };
    if (spec.operation.scope === 'xattr to body') {
      draft.replaceBody(result.value);
      return { status: Status.Success, value: NOTHING };
    }
    if (result.text !== undefined) this.#text = result.text;
    return { status: Status.Success, value: result.value };
  }

  #expandable(macro: Buffer): Buffer | undefined {
    return this.#placeholders?.of(macro) ?? expandVirtualMacro(macro, this.#source);
  }

  /** Puts what became of the attribute into the draft. */
  finish(draft: Draft): void {
    if (this.key === undefined) return;
    const value = this.#value();
    const xattrs = value.length > 0 ? setXattr(this.#xattrs, this.key, value) : removeXattr(this.#xattrs, this.key);
    draft.xattrs = encodeXattrs(xattrs);
  }

  #value(): Buffer {
    const text = this.#text;
    const members = new Children(text, 0, 1);
    // What is stored are the bytes from the colon, which stands right behind the name, to the last brace.
    return members.next() ? text.subarray(members.nameEnd + 2, text.length - 1) : NOTHING;
  }

  /** What fills in the draft's macros, in place, once the mutation is known; undefined when it has none. */
  macroExpansion(draft: Draft): ((cas: bigint, seqno: number) => void) | undefined {
    const placeholders = this.#placeholders;
    const xattr = decodeXattrs(draft.xattrs)?.find(({ key }) => key === this.key);
    if (xattr === undefined || !placeholders?.occurIn(xattr.value)) return undefined;
    const valueCrc32c = crc32c(draft.body);
    // The attribute's value is a view of the section.
    return (cas, seqno) => placeholders.expand(xattr.value, { cas, seqno, valueCrc32c });
  }
}

function keyOf(path: Buffer): string {
  return path.toString('utf8', 0, xattrKeyLength(path));
}

function textOf(xattr: Xattr | undefined): Buffer {
  if (xattr === undefined) return EMPTY_OBJECT;
  return Buffer.concat([Buffer.from(`{"${xattr.key}":`), xattr.value, Buffer.from('}')]);
}

import { Status } from '@cb/protocol';
import { decodeXattrs, encodeXattrs, type Xattr } from '../store/xattr.js';
import { decodeBinaryValue, encodeBinaryValue } from './binary-value.js';
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
 * A command's work on the attributes it names. Paths begin with an attribute's key, so that they are followed in the
 * text `{"key":value}`, or `{}` when there is no such attribute.
 */
export class XattrEdit {
  readonly #docFlags: number;
  readonly #source: VirtualSource;
  readonly #xattrs: readonly Xattr[];
  readonly #placeholders: MacroPlaceholders | undefined;
  /** By key, in the order in which the command names them; the virtual ones are not among them. */
  readonly #texts = new Map<string, Buffer>();

  constructor(command: SubdocCommand, draft: Draft, environment: SubdocEnvironment) {
    const specs = command.specs.filter(isXattrSpec);
    this.#docFlags = command.docFlags;
    this.#source = { document: draft.original, body: draft.body, environment };
    this.#xattrs = decodeXattrs(draft.xattrs) ?? [];
    for (const { path } of specs) {
      const key = keyOf(path);
      if (!isVirtualXattr(path)) this.#texts.set(key, textOf(this.#xattrs.find((xattr) => xattr.key === key)));
    }
    if (specs.some(({ flags }) => flags & PathFlag.ExpandMacros)) {
      this.#placeholders = new MacroPlaceholders([...this.#texts.values(), ...specs.map(({ value }) => value)]);
    }
  }

  /** The keys of the attributes, without the virtual ones. */
  get keys(): Iterable<string> {
    return this.#texts.keys();
  }

  /** Carries out one spec that has an attribute's path. */
  run(spec: Spec, draft: Draft): SpecResult {
    const isBinary = (spec.flags & PathFlag.Binary) !== 0;
    const value = this.#newValue(spec);
    if (value === undefined) return failure(Status.SubdocXattrUnknownVattrMacro);
    const key = keyOf(spec.path);
    const text = isVirtualXattr(spec.path) ? virtualXattr(key, this.#source) : this.#texts.get(key);
    if (text === undefined) return failure(Status.SubdocXattrUnknownVattr);
    const result = runPath(spec, text, value, this.#docFlags);
    if (typeof result === 'number') return failure(result);
    if (result.text !== undefined) {
      this.#texts.set(key, result.text);
      return { status: Status.Success, value: result.value };
    }
    const found = isBinary ? decodeBinaryValue(result.value) : result.value;
    if (found === undefined) return failure(Status.SubdocFieldNotBinaryValue);
    if (spec.operation.scope !== 'xattr to body') return { status: Status.Success, value: found };
    draft.replaceBody(found);
    return { status: Status.Success, value: NOTHING };
  }

  /** What the spec's value stands for; undefined for a macro that cannot be expanded. */
  #newValue({ operation, flags, value }: Spec): Buffer | undefined {
    if (flags & PathFlag.ExpandMacros) {
      return this.#placeholders?.of(value) ?? expandVirtualMacro(value, this.#source);
    }
    return flags & PathFlag.Binary && operation.hasValue ? encodeBinaryValue(value) : value;
  }

  /** Puts what became of the attributes into the draft. */
  finish(draft: Draft): void {
    if (this.#texts.size === 0) return;
    let xattrs = [...this.#xattrs];
    for (const [key, text] of this.#texts) {
      const value = valueIn(text);
      xattrs = value.length > 0 ? setXattr(xattrs, key, value) : removeXattr(xattrs, key);
    }
    draft.xattrs = encodeXattrs(xattrs);
  }

  /** What fills in the draft's macros, in place, once the mutation is known; undefined when it has none. */
  macroExpansion(draft: Draft): ((cas: bigint, seqno: number) => void) | undefined {
    const placeholders = this.#placeholders;
    if (placeholders === undefined) return undefined;
    const values = (decodeXattrs(draft.xattrs) ?? [])
      .filter(({ key, value }) => this.#texts.has(key) && placeholders.occurIn(value))
      .map(({ value }) => value);
    if (values.length === 0) return undefined;
    const valueCrc32c = crc32c(draft.body);
    // The attributes' values are views of the section.
    return (cas, seqno) => {
      for (const value of values) placeholders.expand(value, { cas, seqno, valueCrc32c });
    };
  }
}

function failure(status: number): SpecResult {
  return { status, value: NOTHING };
}

function keyOf(path: Buffer): string {
  return path.toString('utf8', 0, xattrKeyLength(path));
}

function textOf(xattr: Xattr | undefined): Buffer {
  if (xattr === undefined) return EMPTY_OBJECT;
  return Buffer.concat([Buffer.from(`{"${xattr.key}":`), xattr.value, Buffer.from('}')]);
}

/** What is stored of a text: the bytes from the colon, which stands right behind the name, to the last brace. */
function valueIn(text: Buffer): Buffer {
  const members = new Children(text, 0, 1);
  return members.next() ? text.subarray(members.nameEnd + 2, text.length - 1) : NOTHING;
}

import { Datatype } from '@cb/protocol';
import { decodeXattrs } from '../store/xattr.js';
import { crc32c } from './crc32c.js';
import type { SubdocDocument } from './document.js';
import type { SubdocEnvironment } from './environment.js';
import { hexText } from './macros.js';
import { isSystemXattr } from './xattr.js';

/** The CAS that readers of a locked document get. */
export const LOCKED_CAS = 0xffff_ffff_ffff_ffffn;

const NANOSECONDS = 1_000_000_000n;

/** What virtual attributes are made from. */
export interface VirtualSource {
  /** Undefined when there is no document yet: all its numbers are zero. */
  readonly document: SubdocDocument | undefined;
  /** The body before any change. */
  readonly body: Buffer;
  readonly environment: SubdocEnvironment;
}

/**
 * The JSON text `{"$document":...}` in which paths of a virtual attribute are looked up; undefined for an unknown one.
 * Source: kv_engine docs/ExtendedAttributes.md.
 */
export function virtualXattr(key: string, source: VirtualSource): Buffer | undefined {
  switch (key) {
    case '$document':
      return jsonText({ $document: describe(source) });
    case '$XTOC':
      return jsonText({ $XTOC: tableOfContents(source) });
    case '$vbucket':
      return jsonText({ $vbucket: { HLC: { mode: 'real', now: String(source.environment.nowSeconds) } } });
    default:
      return undefined;
  }
}

/** What `"${$document}"` or `"${$document.member}"` expands to; undefined for a member that cannot be had this way. */
export function expandVirtualMacro(macro: Buffer, source: VirtualSource): Buffer | undefined {
  const member = /^"\$\{\$document(?:\.(\w+))?\}"$/.exec(macro.toString('latin1'));
  if (member === null) return undefined;
  const document = describe(source);
  const name = member[1];
  if (name === undefined) return jsonText(document);
  const value = name === 'value_crc32c' ? undefined : new Map<string, unknown>(Object.entries(document)).get(name);
  if (value === undefined) return undefined;
  // This one is text in the whole attribute, and a number by itself.
  return jsonText(name === 'last_modified' ? Number(value) : value);
}

function jsonText(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** The members in the order in which the server prints them. */
function describe({ document, body, environment }: VirtualSource): object {
  const stored = document?.stored;
  const cas = document?.locked ? LOCKED_CAS : (stored?.cas ?? 0n);
  return {
    CAS: hexText(cas, 16),
    datatype: datatypeNames(stored?.datatype ?? Datatype.Raw),
    deleted: stored?.deleted ?? false,
    exptime: document?.expiry ?? 0,
    flags: stored?.flags ?? 0,
    last_modified: environment.casIsTime && stored !== undefined ? String(cas / NANOSECONDS) : undefined,
    revid: String(stored?.revision ?? 0),
    seqno: hexText(stored?.seqno ?? 0, 16),
    value_bytes: body.length,
    value_crc32c: hexText(crc32c(body), 8),
    vbucket_uuid: hexText(stored === undefined ? 0n : environment.vbucketUuid, 16),
  };
}

function datatypeNames(datatype: number): string[] {
  const names: string[] = [];
  if (datatype & Datatype.Snappy) names.push('snappy');
  if (datatype & Datatype.Json) names.push('json');
  if (datatype & Datatype.Xattr) names.push('xattr');
  return names.length > 0 ? names : ['raw'];
}

function tableOfContents({ document, environment }: VirtualSource): string[] {
  const keys = (decodeXattrs(document?.stored.xattrs) ?? []).map(({ key }) => key);
  return environment.mayReadSystemXattrs ? keys : keys.filter((key) => !isSystemXattr(key));
}

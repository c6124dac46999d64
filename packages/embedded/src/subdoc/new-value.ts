import { isUtf8 } from 'node:buffer';
import { Status } from '@cb/protocol';
import { Children, isContainer, LEVELS_MAX, TOO_DEEP } from './json-scan.js';

/** Where a new value shall stand: as a member's value, among an array's elements (where it may be a series), or as an element that can be compared. */
export type Place = 'member' | 'elements' | 'unique element';

const MEMBER = [Buffer.from('{"k":'), Buffer.from('}')] as const;
const ELEMENTS = [Buffer.from('['), Buffer.from(']')] as const;

/**
 * Checks that `value` can be put in its place and stays within `levels` levels of its own. Returns 0, or the status:
 * 0xc5 when it would spoil the document, 0xca when it would make it too deep.
 *
 * The server is laxer than JSON here (`-01`, `\uzz`, bytes that are not UTF-8, `1,"other":2` for a member) and then
 * stores a document that is not JSON any more; such values are refused instead.
 */
export function checkNewValue(value: Buffer, place: Place, levels: number): number {
  if (!isUtf8(value)) return Status.SubdocValueCantInsert;
  const [before, after] = place === 'member' ? MEMBER : ELEMENTS;
  const text = Buffer.concat([before, value, after]);
  const children = new Children(text, 0, LEVELS_MAX - levels);
  while (children.next()) {
    if (place === 'unique element' && levels > 0 && isContainer(text[children.start])) {
      return Status.SubdocValueCantInsert;
    }
    if (place !== 'elements' && children.count > 1) return Status.SubdocValueCantInsert;
  }
  if (children.end === TOO_DEEP) return Status.SubdocValueTooDeep;
  return children.count > 0 && children.end === text.length ? 0 : Status.SubdocValueCantInsert;
}

import { isObject, type ObjectValue, type Value } from '../values/value.js';
import type { FunctionSpec } from './function-spec.js';
import { isNumber, isString, ranged, unusable } from './operands.js';
import { patternOf } from './pattern.js';
import { reversed } from './strings.js';

const NO_OPTIONS: ObjectValue = {};
const DEFAULT_MASK = '********';

/** Where the mask is laid on the text: so many characters from the start or from the end. */
interface Anchor {
  readonly skipped: number;
  readonly isFromEnd: boolean;
}

/** The function that hides parts of a text. */
export const MASKS: readonly FunctionSpec[] = [
  ranged(['mask'], [1, 2], 'string', (_context, ...operands) => {
    const [text, options] = operands.length > 1 ? operands : [operands[0], NO_OPTIONS];
    return isString(text) && isObject(options) ? masked(text, options) : unusable([text, options]);
  }),
];

/**
 * Lays a mask on a text. A character of the mask hides one of the text; a hole shows it, and an injected character stands
 * between. With the length of the source, what is beyond the mask is shown.
 */
function masked(text: string, options: ObjectValue): Value {
  const { mask, hole, inject, anchor, length } = options;
  const anchored = anchorOf(anchor, text);
  const characters = [...text];
  if (anchored === undefined || anchored.skipped > characters.length) return text;
  const signs = [...(isString(mask) && mask !== '' ? mask : DEFAULT_MASK)];
  const holes = new Set(isString(hole) ? hole : ' ');
  const injected = new Set(isString(inject) ? inject : '');
  const keepsLength = isString(length) && length.toLowerCase() === 'source';
  const total = keepsLength
    ? characters.length + signs.filter((sign) => injected.has(sign)).length
    : signs.length + anchored.skipped;
  const source = (anchored.isFromEnd ? [...reversed(text)] : characters)[Symbol.iterator]();
  const over = (anchored.isFromEnd ? [...reversed(signs.join(''))] : signs)[Symbol.iterator]();
  const result: string[] = [];
  while (result.length < total) {
    const sign = result.length < anchored.skipped ? undefined : over.next().value;
    const shown = sign === undefined || holes.has(sign) || !injected.has(sign) ? source.next().value : undefined;
    result.push(sign !== undefined && !holes.has(sign) ? sign : (shown ?? sign ?? '\0'));
  }
  return (anchored.isFromEnd ? result.reverse() : result).join('');
}

/** Returns nothing if the anchor is a pattern that is not in the text. */
function anchorOf(anchor: Value, text: string): Anchor | undefined {
  if (isNumber(anchor)) return { skipped: Math.abs(Math.trunc(Number(anchor))), isFromEnd: anchor < 0 };
  if (!isString(anchor) || anchor.toLowerCase() === 'start') return { skipped: 0, isFromEnd: false };
  if (anchor.toLowerCase() === 'end') return { skipped: 0, isFromEnd: true };
  const at = patternOf(anchor).firstIn(text);
  return at < 0 ? undefined : { skipped: [...text.slice(0, at)].length, isFromEnd: false };
}

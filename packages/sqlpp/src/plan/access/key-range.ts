import { operandsOf } from '../../expressions/compiler.js';
import type { Between, Binary, Expression, Is, Like } from '../../syntax/expression.js';

/** An end of a range, whose value is known when the index is scanned. */
export interface KeyBound {
  readonly value: Expression;
  readonly inclusive: boolean;
}

/** Values of a key for which a predicate may be true. */
export type KeyRange =
  | { readonly kind: 'range'; readonly low?: KeyBound | undefined; readonly high?: KeyBound | undefined }
  /** The elements of an array. */
  | { readonly kind: 'each'; readonly values: Expression };

/** What predicates are looked through for. */
export interface SoughtKey {
  /** Tells whether an expression is the key. */
  isKey(expression: Expression): boolean;
  /** Tells whether the value of an expression is known before the index is scanned. */
  isKnown(expression: Expression): boolean;
}

const NULL: KeyBound = { value: { kind: 'literal', value: null, at: 0 }, inclusive: false };
const NULL_TOO: KeyBound = { ...NULL, inclusive: true };
const TRUE: KeyBound = { value: { kind: 'literal', value: true, at: 0 }, inclusive: true };

/** Returns ranges that hold every value of a key for which a predicate is true; nothing if it tells nothing of the key. */
export function rangesOf(predicate: Expression, key: SoughtKey): readonly KeyRange[] | undefined {
  if (key.isKey(predicate)) return [{ kind: 'range', low: TRUE }];
  switch (predicate.kind) {
    case 'binary':
      return binaryRanges(predicate, key);
    case 'between':
      return betweenRanges(predicate, key);
    case 'like':
      return likeRanges(predicate, key);
    case 'is':
      return isRanges(predicate, key);
    default:
      return undefined;
  }
}

function binaryRanges(predicate: Binary, key: SoughtKey): readonly KeyRange[] | undefined {
  const { operator, left, right } = predicate;
  switch (operator) {
    case 'or': {
      const sides = operandsOf(predicate, 'or').map((side) => rangesOf(side, key));
      return sides.every((side) => side !== undefined) ? sides.flat() : undefined;
    }
    case 'and':
      return operandsOf(predicate, 'and')
        .map((side) => rangesOf(side, key))
        .find((side) => side !== undefined);
    case 'in':
      return key.isKey(left) ? inRanges(right, key) : undefined;
    case '=':
    case '!=':
    case '<':
    case '<=':
      if (key.isKey(left) && key.isKnown(right)) return comparedRanges(operator, right, true);
      return key.isKey(right) && key.isKnown(left) ? comparedRanges(operator, left, false) : undefined;
    default:
      return undefined;
  }
}

/** @param keyFirst whether it is the key that stands in front of the operator */
function comparedRanges(operator: '=' | '!=' | '<' | '<=', value: Expression, keyFirst: boolean): readonly KeyRange[] {
  const bound: KeyBound = { value, inclusive: operator === '=' || operator === '<=' };
  if (operator === '=') return [{ kind: 'range', low: bound, high: bound }];
  const below: KeyRange = { kind: 'range', low: NULL, high: bound };
  const above: KeyRange = { kind: 'range', low: bound };
  if (operator === '!=') return [below, above];
  return [keyFirst ? below : above];
}

function inRanges(list: Expression, key: SoughtKey): readonly KeyRange[] | undefined {
  if (list.kind === 'array' && list.elements.every((element) => key.isKnown(element))) {
    return list.elements.map((value): KeyRange => {
      const bound = { value, inclusive: true };
      return { kind: 'range', low: bound, high: bound };
    });
  }
  return key.isKnown(list) ? [{ kind: 'each', values: list }] : undefined;
}

function betweenRanges({ negated, value, low, high }: Between, key: SoughtKey): readonly KeyRange[] | undefined {
  if (negated || !key.isKey(value) || !key.isKnown(low) || !key.isKnown(high)) return undefined;
  return [{ kind: 'range', low: { value: low, inclusive: true }, high: { value: high, inclusive: true } }];
}

/** What fits a pattern lies between the text that it begins with and the next one that does not begin so. */
function likeRanges({ negated, value, pattern, escape: sign }: Like, key: SoughtKey): readonly KeyRange[] | undefined {
  const operands = sign === undefined ? [pattern] : [pattern, sign];
  if (negated || !key.isKey(value) || !operands.every((operand) => key.isKnown(operand))) return undefined;
  const call = (name: string): Expression => ({ kind: 'call', path: [name], operands, star: false, at: pattern.at });
  return [
    {
      kind: 'range',
      low: { value: call('like_prefix'), inclusive: true },
      high: { value: call('like_stop'), inclusive: false },
    },
  ];
}

function isRanges({ test, negated, operand }: Is, key: SoughtKey): readonly KeyRange[] | undefined {
  if (!key.isKey(operand)) return undefined;
  switch (test) {
    case 'null':
      return [negated ? { kind: 'range', low: NULL } : { kind: 'range', low: NULL_TOO, high: NULL_TOO }];
    case 'missing':
      return [negated ? { kind: 'range', low: NULL_TOO } : { kind: 'range', high: NULL }];
    case 'unknown':
      return [negated ? { kind: 'range', low: NULL } : { kind: 'range', high: NULL_TOO }];
    default:
      return [negated ? { kind: 'range', high: NULL_TOO } : { kind: 'range', low: NULL }];
  }
}

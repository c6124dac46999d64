import type { IndexDefinition } from '../keyspaces/index-definition.js';
import type { Expression, KeyOrder } from '../syntax/expression.js';

/** A value that entries of an index have: a key, or one of those that FLATTEN_KEYS makes of an element of an array. */
export interface IndexColumn extends KeyOrder {
  /** Of a document; of an element if the key is an array. */
  readonly value: Expression;
  /** Place of the key in the definition. */
  readonly key: number;
}

const META_ID: Expression = {
  kind: 'field',
  object: { kind: 'call', path: ['meta'], operands: [], star: false, at: 0 },
  name: 'id',
  at: 0,
};

const PRIMARY: readonly IndexColumn[] = [{ value: META_ID, key: 0, descending: false, includeMissing: false }];

/** Returns the columns of an index in their order; that of a primary index is the key of the document. */
export function columnsOf({ isPrimary, keys }: IndexDefinition): readonly IndexColumn[] {
  if (isPrimary) return PRIMARY;
  return keys.flatMap(({ value, each, descending, includeMissing }, key) => {
    const element = each !== undefined && value.kind === 'comprehension' ? value.value : value;
    const flat = each === undefined ? undefined : flattened(element);
    if (flat === undefined) return [{ value: element, key, descending, includeMissing }];
    return flat.map((column) => ({ ...column, key }));
  });
}

function flattened(element: Expression): Omit<IndexColumn, 'key'>[] | undefined {
  if (element.kind !== 'call' || element.path.length > 1 || element.path[0]?.toLowerCase() !== 'flatten_keys') {
    return undefined;
  }
  const { operands, keyOrders } = element;
  return operands.map((value, at) => ({
    value,
    descending: keyOrders?.[at]?.descending === true,
    includeMissing: keyOrders?.[at]?.includeMissing === true,
  }));
}

import type { Json } from '../../src/views/collation.js';
import type { Row } from '../../src/views/row.js';

/** A row as a map function would leave it. */
export function row(key: Json, id: string, value: unknown = null, ordinal = 0): Row {
  return { key, keyText: JSON.stringify(key), id, valueText: JSON.stringify(value), partition: 0, ordinal };
}

import type { IndexDefinition } from '../../keyspaces/index-definition.js';
import type { IndexEntry, IndexRange, IndexSpan, KeyspaceIndex } from '../../keyspaces/index-scan.js';
import type { Keyspace } from '../../keyspaces/keyspace.js';

/** What plans call a scan without an index. */
export const SEQUENTIAL_SCAN = '#sequentialscan';

const DEFINITION: IndexDefinition = {
  name: SEQUENTIAL_SCAN,
  isPrimary: true,
  keys: [],
  partition: [],
  with: {},
};

/** The documents of a keyspace by their keys, as if by a primary index; only single keys are quick to find. */
export function keyLookup(keyspace: Keyspace): KeyspaceIndex {
  return {
    id: SEQUENTIAL_SCAN,
    definition: DEFINITION,
    state: 'online',
    scan: (spans) => entriesOf(keyspace, spans),
  };
}

function* entriesOf(keyspace: Keyspace, spans: readonly IndexSpan[]): Generator<readonly IndexEntry[]> {
  const keys = spans.map(({ ranges: [range] }) => keyOf(range));
  if (keys.every((key) => key !== undefined)) {
    yield [...new Set(keys)].filter((key) => typeof key === 'string').map((id) => ({ id, keys: [id] }));
    return;
  }
  for (const batch of keyspace.scan()) yield batch.map(({ id }) => ({ id, keys: [id] }));
}

/** Returns the only value of a range, NULL for MISSING; nothing if there may be several. */
function keyOf(range: IndexRange | undefined): unknown {
  if (range?.low === undefined || range.high?.value !== range.low.value) return undefined;
  return range.low.value ?? null;
}

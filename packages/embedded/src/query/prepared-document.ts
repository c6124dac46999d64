import type { ObjectValue, PreparedEntry } from '@cb/sqlpp';
import type { Engine } from './engine.js';

const NANOS_PER_MS = 1e6;

/** Returns what `system:prepareds` tells of a statement. */
export function preparedDocument(engine: Engine, { prepared, uses, times }: PreparedEntry, node: string): ObjectValue {
  const { name, text, context, preparedAtMs } = prepared;
  const duration = (ms: number): string => engine.durationText(ms * NANOS_PER_MS);
  return {
    ...engine.PREPARED_FACTS,
    name,
    node,
    planPreparedTime: new Date(preparedAtMs).toISOString(),
    ...(context !== undefined && { queryContext: `default:${context.bucket}.${context.scope}` }),
    statement: text,
    uses,
    ...(times !== undefined && {
      avgElapsedTime: duration(times.totalMs / times.count),
      avgServiceTime: duration(times.totalMs / times.count),
      lastUse: new Date(times.lastUseMs).toISOString(),
      maxElapsedTime: duration(times.maxMs),
      maxServiceTime: duration(times.maxMs),
      minElapsedTime: duration(times.minMs),
      minServiceTime: duration(times.minMs),
    }),
  };
}

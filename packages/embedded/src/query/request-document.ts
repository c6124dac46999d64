import type { ObjectValue, Value } from '@cb/sqlpp';
import { CONSISTENCIES } from './controls-text.js';
import type { Engine } from './engine.js';
import type { RunningRequest } from './running-request.js';

const NANOS_PER_MS = 1e6;

/** Returns what `system:active_requests` and `system:completed_requests` tell of a request. */
export function requestDocument(engine: Engine, running: RunningRequest): ObjectValue {
  const { id, origin, requestedAtMs, request, query, resultCount, resultSize, errorCount, state } = running;
  const elapsed = engine.durationText(running.elapsedMs * NANOS_PER_MS);
  const prepared = query?.prepared;
  return withoutMissing({
    requestId: id,
    clientContextID: request?.clientContextId,
    statement: request?.prepared === undefined ? request?.statement : undefined,
    statementType: query?.type,
    preparedName: prepared?.name,
    preparedText: prepared?.text,
    queryContext: request?.queryContext,
    positionalArgs: shown(engine, request?.positional),
    namedArgs: shown(engine, namedOf(request?.named)),
    scanConsistency: request && CONSISTENCIES[request.consistency.kind],
    state,
    elapsedTime: elapsed,
    executionTime: elapsed,
    serviceTime: elapsed,
    requestTime: new Date(requestedAtMs).toISOString(),
    resultCount,
    resultSize,
    errorCount,
    mutations: counted(query?.mutationCount),
    sortCount: counted(query?.sortCount),
    node: origin.node,
    remoteAddr: origin.remoteAddress,
    userAgent: origin.userAgent,
    users: origin.user,
    useCBO: true,
  });
}

/** Counts appear when they are not 0. */
function counted(count: number | undefined): number | undefined {
  return count === 0 ? undefined : count;
}

function namedOf(named: Readonly<Record<string, unknown>> | undefined): object | undefined {
  if (named === undefined || Object.keys(named).length === 0) return undefined;
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [`$${name}`, value]));
}

/** Parameters as values; none at all are left out. */
function shown({ parseJson, jsonText }: Engine, parameters: object | undefined): Value {
  if (parameters === undefined || Object.keys(parameters).length === 0) return undefined;
  return parseJson(jsonText(parameters as Value));
}

function withoutMissing(members: Record<string, Value>): ObjectValue {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

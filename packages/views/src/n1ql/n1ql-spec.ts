import { ProtocolError, type RawBucket } from '@cb/raw';
import { servicesOf, stringifyJson } from '@cb/raw/internal';
import { callJson } from '../http/call-text.js';
import { serviceRetryRule } from '../http/retry-rules.js';
import type { ServiceRequest } from '../http/service-call.js';
import type { ServiceClient } from '../http/service-client.js';
import type { RowsMessage, RowsSpec } from '../rows/rows-spec.js';
import { isPreparedFailure, n1qlFailureIn, n1qlRefusal } from './n1ql-failure.js';
import type { N1QLQuery } from './n1ql-query.js';
import { type PreparedStatement, preparedStatementsOf } from './prepared-statements.js';

const PATH = '/query/service';
/** Maximum length of a statement quoted in error messages, in characters. */
const NAME_CHARACTERS_MAX = 60;

/** A statement to send, as data. */
export interface N1QLCall<Row> {
  readonly parent: RawBucket;
  readonly query: N1QLQuery;
  readonly timeoutMs: number;
  /** The name of this request at the service. */
  readonly contextId: string;
  readonly rowFactory: ((row: unknown) => Row) | undefined;
}

/** Returns how a statement is sent: as text, or by the name under which the service has prepared it. */
export function n1qlSpec<Row>(call: N1QLCall<Row>): RowsSpec<Row, PreparedStatement | undefined> {
  const { parent, query, rowFactory } = call;
  const spec: RowsSpec<Row, PreparedStatement | undefined> = {
    ...requestOf(call),
    rowsName: 'results',
    includesDocuments: false,
    message: () => message(call, { statement: query.statement, ...query.members }),
    process: (rows) => (rowFactory === undefined ? (rows as Row[]) : rows.map(rowFactory)),
    failureIn: (metadata, details) => n1qlFailureIn(metadata, details, mayChange(query)),
  };
  if (query.options.adhoc !== false) return spec;
  return {
    ...spec,
    prepare: (client, signal, isRepeat) => prepare(call, client, signal, isRepeat),
    message: (prepared) => message(call, { ...preparedMembers(query, prepared), ...query.members }),
    isStale: isPreparedFailure,
    learn: (metadata, prepared) => {
      const { prepared: name } = metadata as { readonly prepared?: unknown };
      if (typeof name !== 'string') return;
      preparedStatementsOf(parent).set(preparedKey(query), { name, encodedPlan: prepared?.encodedPlan });
    },
  };
}

/** Returns what all requests about a statement have in common. */
function requestOf({ query }: N1QLCall<unknown>) {
  const { statement } = query;
  const isLong = statement.length > NAME_CHARACTERS_MAX;
  return {
    name: `query ${isLong ? `${statement.slice(0, NAME_CHARACTERS_MAX)}…` : statement}`,
    service: 'query',
    idempotent: !mayChange(query),
    retryRule: serviceRetryRule,
    failure: (head, body, details) => n1qlRefusal(head, body, details, mayChange(query)),
  } as const satisfies Partial<ServiceRequest>;
}

/** Whether a statement may change documents: it may, unless the service is told to refuse that. */
function mayChange({ options }: N1QLQuery): boolean {
  return options.readonly !== true;
}

function message({ timeoutMs, contextId }: N1QLCall<unknown>, members: object): RowsMessage {
  const body = { timeout: `${timeoutMs}ms`, client_context_id: contextId, ...members };
  return { method: 'POST', path: PATH, body: stringifyJson(body) };
}

function preparedMembers({ statement }: N1QLQuery, prepared: PreparedStatement | undefined): object {
  if (prepared === undefined) return { statement: `PREPARE ${statement}`, auto_execute: true };
  const { name, encodedPlan } = prepared;
  return { prepared: name, ...(encodedPlan === undefined ? {} : { encoded_plan: encodedPlan }) };
}

/** Returns what a statement is remembered by: the same text names other collections in another scope. */
function preparedKey({ statement, members }: N1QLQuery): string {
  return `${members['query_context'] ?? ''}\n${statement}`;
}

/**
 * Returns the prepared statement to use; undefined when the request itself prepares it. Older services prepare a statement
 * by a request of its own, and give the plan to the client.
 */
async function prepare(
  call: N1QLCall<unknown>,
  client: ServiceClient,
  signal: AbortSignal,
  isRepeat: boolean,
): Promise<PreparedStatement | undefined> {
  const { parent, query, timeoutMs } = call;
  const { statement } = query;
  const statements = preparedStatementsOf(parent);
  const key = preparedKey(query);
  if (isRepeat) statements.delete(key);
  const known = statements.get(key);
  if (known !== undefined || sharesPlans(parent)) return known;
  const { retry } = client.services.settings;
  const { query_context } = query.members;
  const context = query_context === undefined ? {} : { query_context };
  const parts = { ...requestOf(call), ...message(call, { statement: `PREPARE ${statement}`, ...context }) };
  const answer = await callJson(client, { ...parts, timeoutMs, priority: 0, retry, signal });
  const prepared = readPrepared(answer, parts.name);
  statements.set(key, prepared);
  return prepared;
}

/** Whether the services pass plans on to each other, so that their name is enough. */
function sharesPlans(bucket: RawBucket): boolean {
  return servicesOf(bucket).map?.clusterCapabilities.get('n1ql')?.has('enhancedPreparedStatements') === true;
}

function readPrepared(answer: object, operation: string): PreparedStatement {
  const failure = n1qlFailureIn(answer, { operation }, false);
  if (failure !== undefined) throw failure;
  const { results } = answer as { readonly results?: readonly unknown[] };
  const { name, encoded_plan: plan } = (results?.[0] ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string') throw new ProtocolError(`${operation} was prepared without a name`, { operation });
  return { name, encodedPlan: typeof plan === 'string' ? plan : undefined };
}

import { ArgumentError } from '@cb/raw';
import { checkOptions, describe, stringifyJson } from '@cb/raw/internal';
import { MutationState } from '../rows/mutation-state.js';

/** How fresh the indexes must be: `request_plus` waits for all mutations before the query. */
export type ScanConsistency = 'not_bounded' | 'request_plus' | 'statement_plus';

/** Options of a statement. Options that are not given are not sent, and the server decides. */
export interface N1QLQueryOptions {
  /** Values of `$1`, `$2`, … as an array, or of `$name` as an object. */
  readonly parameters?: readonly unknown[] | Readonly<Record<string, unknown>> | undefined;
  /** False makes the server prepare the statement, and later queries reuse the plan. Default true. */
  readonly adhoc?: boolean | undefined;
  /** How fresh the indexes must be. The server's default is `not_bounded`. */
  readonly consistency?: ScanConsistency | undefined;
  /** Waits for these mutations only. It cannot be combined with `consistency`. */
  readonly consistentWith?: MutationState | undefined;
  /** Maximum time that the server waits for the indexes, in milliseconds. */
  readonly scanWait?: number | undefined;
  /** Makes the server reject statements that change anything, so that they may be retried. Default false. */
  readonly readonly?: boolean | undefined;
  /** How much profiling information the answer has. */
  readonly profile?: 'off' | 'phases' | 'timings' | undefined;
  /** Whether the answer has `metrics`. The server's default is true. */
  readonly metrics?: boolean | undefined;
  /** Maximum number of buffered index entries. */
  readonly scanCap?: number | undefined;
  /** Maximum number of documents fetched at a time. */
  readonly pipelineBatch?: number | undefined;
  /** Maximum number of documents buffered between two steps. */
  readonly pipelineCap?: number | undefined;
  /** Maximum number of processors that the server uses. */
  readonly maxParallelism?: number | undefined;
  /**
   * The scope that names of one part belong to, as `bucket.scope` in the service's spelling; `queryContext` writes it for
   * any names. Without it, a name of one part is a bucket.
   */
  readonly queryContext?: string | undefined;
  /** Whether documents that are changed keep their expiry. The server's default is false: they lose it. */
  readonly preserveExpiry?: boolean | undefined;
  /**
   * Whether documents may be read from replicas when their node is not there. Servers before 7.6 refuse the option with
   * `QueryParameterError`. The server's default is that of its settings.
   */
  readonly useReplica?: boolean | undefined;
  /** The name of the request in the server's logs. Default: a random one. */
  readonly clientContextId?: string | undefined;
  /** Further members of the request, by the names of the service. They replace those that the options make. */
  readonly raw?: Readonly<Record<string, unknown>> | undefined;
}

const OPTIONS = [
  'parameters',
  'adhoc',
  'consistency',
  'consistentWith',
  'scanWait',
  'readonly',
  'profile',
  'metrics',
  'scanCap',
  'pipelineBatch',
  'pipelineCap',
  'maxParallelism',
  'queryContext',
  'preserveExpiry',
  'useReplica',
  'clientContextId',
  'raw',
] as const;

const CONSISTENCIES: readonly unknown[] = ['not_bounded', 'request_plus', 'statement_plus'];
const PROFILES: readonly unknown[] = ['off', 'phases', 'timings'];

/** The numeric options, which the service takes as text. */
const COUNTS = [
  ['scanCap', 'scan_cap'],
  ['pipelineBatch', 'pipeline_batch'],
  ['pipelineCap', 'pipeline_cap'],
  ['maxParallelism', 'max_parallelism'],
] as const;

/**
 * A SQL++ statement with its options. Source: the query service's REST reference.
 *
 *   new N1QLQuery('SELECT name FROM `beer-sample` WHERE abv > $1 LIMIT 5', { parameters: [12], readonly: true })
 */
export class N1QLQuery {
  /** The statement. */
  readonly statement: string;
  /** The options. */
  readonly options: N1QLQueryOptions;

  /** @throws ArgumentError for an invalid statement or option. */
  constructor(statement: string, options: N1QLQueryOptions = {}) {
    if (typeof statement !== 'string' || statement.trim() === '') {
      throw new ArgumentError(`statement must be a string that is not empty, not ${describe(statement)}`);
    }
    checkOptions('a N1QLQuery', options, OPTIONS);
    checkValues(options);
    this.statement = statement;
    this.options = { ...options };
    // Values that JSON cannot express fail here, not when the query is sent.
    stringifyJson(this.members);
  }

  /**
   * Returns the same statement for a scope: names of one part are those of its collections.
   * @throws ArgumentError when it has a `queryContext` already
   */
  within(bucket: string, scope: string): N1QLQuery {
    if (this.options.queryContext !== undefined) {
      throw new ArgumentError(`the query has a queryContext, and is made in the scope ${JSON.stringify(scope)}`);
    }
    return new N1QLQuery(this.statement, { ...this.options, queryContext: queryContext(bucket, scope) });
  }

  /** The members of the request's body, by the service's names, without the statement and the client's own members. */
  get members(): Record<string, unknown> {
    const { parameters, consistency, consistentWith, scanWait, readonly, profile, metrics, raw } = this.options;
    const { queryContext, preserveExpiry, useReplica } = this.options;
    const members: Record<string, unknown> = {};
    if (Array.isArray(parameters)) members['args'] = parameters;
    else for (const [name, value] of Object.entries(parameters ?? {})) members[parameterName(name)] = value;
    if (consistency !== undefined) members['scan_consistency'] = consistency;
    if (consistentWith !== undefined) {
      members['scan_consistency'] = 'at_plus';
      members['scan_vectors'] = consistentWith.scanVectors;
    }
    if (scanWait !== undefined) members['scan_wait'] = `${scanWait}ms`;
    if (readonly !== undefined) members['readonly'] = readonly;
    if (profile !== undefined) members['profile'] = profile;
    if (metrics !== undefined) members['metrics'] = metrics;
    if (queryContext !== undefined) members['query_context'] = queryContext;
    if (preserveExpiry !== undefined) members['preserve_expiry'] = preserveExpiry;
    if (useReplica !== undefined) members['use_replica'] = useReplica ? 'on' : 'off';
    for (const [name, key] of COUNTS) {
      const count = this.options[name];
      if (count !== undefined) members[key] = String(count);
    }
    return { ...members, ...raw };
  }

  /** The body of the request, as JSON. */
  get encoded(): string {
    return stringifyJson({ statement: this.statement, ...this.members });
  }
}

/**
 * Returns the query context of a scope, for any names:
 *
 *   new N1QLQuery('SELECT * FROM airline', { queryContext: queryContext('travel-sample', 'inventory') })
 *
 * @throws ArgumentError for a name that is empty
 */
export function queryContext(bucket: string, scope: string): string {
  for (const [kind, name] of Object.entries({ bucket, scope })) {
    if (typeof name !== 'string' || name === '') {
      throw new ArgumentError(`${kind} must be a string that is not empty, not ${describe(name)}`);
    }
  }
  const quoted = [bucket, scope].map((name) => `\`${name.replaceAll('`', '``')}\``);
  return `default:${quoted.join('.')}`;
}

function parameterName(name: string): string {
  return name.startsWith('$') ? name : `$${name}`;
}

function checkValues(options: N1QLQueryOptions): void {
  const { parameters, consistency, consistentWith, profile, raw } = options;
  if (parameters !== undefined && (typeof parameters !== 'object' || parameters === null)) {
    throw new ArgumentError(`parameters must be an array or an object, not ${describe(parameters)}`);
  }
  if (raw !== undefined && (typeof raw !== 'object' || raw === null || Array.isArray(raw))) {
    throw new ArgumentError(`raw must be an object, not ${describe(raw)}`);
  }
  for (const name of ['queryContext', 'clientContextId'] as const) {
    const value: unknown = options[name];
    if (value !== undefined && (typeof value !== 'string' || value === '')) {
      throw new ArgumentError(`${name} must be a string that is not empty, not ${describe(value)}`);
    }
  }
  checkChoice('consistency', consistency, CONSISTENCIES);
  checkChoice('profile', profile, PROFILES);
  if (consistentWith !== undefined) {
    if (!(consistentWith instanceof MutationState) || consistentWith.isEmpty) {
      throw new ArgumentError('consistentWith must be a MutationState with at least one mutation');
    }
    if (consistency !== undefined) throw new ArgumentError('consistentWith cannot be combined with consistency');
  }
  for (const name of ['adhoc', 'readonly', 'metrics', 'preserveExpiry', 'useReplica'] as const) {
    const value: unknown = options[name];
    if (value !== undefined && typeof value !== 'boolean') {
      throw new ArgumentError(`${name} must be true or false, not ${describe(value)}`);
    }
  }
  for (const name of ['scanWait', 'scanCap', 'pipelineBatch', 'pipelineCap', 'maxParallelism'] as const) {
    const value: unknown = options[name];
    if (value !== undefined && (typeof value !== 'number' || !Number.isInteger(value) || value < 0)) {
      throw new ArgumentError(`${name} must be a whole number from 0, not ${describe(value)}`);
    }
  }
}

function checkChoice(name: string, value: unknown, choices: readonly unknown[]): void {
  if (value === undefined || choices.includes(value)) return;
  throw new ArgumentError(`${name} must be one of ${choices.join(', ')}, not ${describe(value)}`);
}

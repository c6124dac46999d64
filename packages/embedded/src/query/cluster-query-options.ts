import { ArgumentError } from '@cb/protocol';
import { booleanOption, checkFields, choiceOption } from '../base/check-options.js';
import { parameterValue } from './parameter-value.js';
import type { QueryRequest } from './query-request.js';

/** Options of a statement that is run in the process of the cluster. */
export interface ClusterQueryOptions {
  /** Values of `$1`, `$2`, … as an array, or of `$name` as an object: what JSON can express. Default none. */
  readonly parameters?: readonly unknown[] | Readonly<Record<string, unknown>> | undefined;
  /** The scope that names of one part belong to, as in `bucket.scope`. Default none: they are names of buckets. */
  readonly queryContext?: string | undefined;
  /**
   * `request_plus` waits for indexes with all that was written before. Default `not_bounded`: they are taken as they are,
   * which is the same unless the cluster has an `indexLagMs`.
   */
  readonly consistency?: 'not_bounded' | 'request_plus' | undefined;
  /** Refuses statements that change anything, with error 1000. Default false. */
  readonly readonly?: boolean | undefined;
  /** Ends the statement with error 1080 after so many milliseconds. Default: no limit. */
  readonly timeoutMs?: number | undefined;
  /** Documents that are changed keep their expiration unless the statement says another. Default false. */
  readonly preserveExpiry?: boolean | undefined;
  /** Cancels the statement: it ends with error 1120. */
  readonly signal?: AbortSignal | undefined;
  /** Name of the user whose rights the statement has. Default: it may do anything. */
  readonly user?: string | undefined;
}

const FIELDS = [
  'parameters',
  'queryContext',
  'consistency',
  'readonly',
  'timeoutMs',
  'preserveExpiry',
  'signal',
  'user',
] as const satisfies readonly (keyof ClusterQueryOptions)[];

/** @throws ArgumentError for a statement that is not a string, an unknown option or a wrong type. */
export function checkClusterQuery(statement: unknown, options: ClusterQueryOptions): void {
  if (typeof statement !== 'string') throw new ArgumentError('statement must be a string');
  checkFields(options, FIELDS, 'query');
  const { queryContext, consistency, readonly, timeoutMs, preserveExpiry, signal, user } = options;
  textOption(queryContext, 'queryContext');
  textOption(user, 'user');
  choiceOption(consistency, 'consistency', ['not_bounded', 'request_plus'], 'not_bounded');
  booleanOption(readonly, 'readonly', false);
  booleanOption(preserveExpiry, 'preserveExpiry', false);
  if (timeoutMs !== undefined && !(timeoutMs > 0)) {
    throw new ArgumentError(`timeoutMs must be a number of milliseconds above 0, not ${String(timeoutMs)}`);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new ArgumentError('signal must be an AbortSignal');
  }
  parametersOf(options);
}

function textOption(value: unknown, name: string): void {
  if (value !== undefined && typeof value !== 'string') throw new ArgumentError(`${name} must be a string`);
}

/** Returns the request that the query service would be sent. */
export function clusterQueryRequest(statement: string, options: ClusterQueryOptions): QueryRequest {
  const { queryContext, consistency = 'not_bounded', readonly = false, timeoutMs, preserveExpiry = false } = options;
  return {
    statement,
    ...parametersOf(options),
    queryContext,
    consistency: { kind: consistency },
    readonly,
    timeoutMs,
    preserveExpiry,
    autoExecute: false,
    controls: false,
    profile: false,
    metrics: false,
    pretty: false,
    signature: false,
    sortProjection: false,
  };
}

function parametersOf({ parameters = [] }: ClusterQueryOptions): Pick<QueryRequest, 'positional' | 'named'> {
  if (typeof parameters !== 'object' || parameters === null) {
    throw new ArgumentError('parameters must be an array or an object');
  }
  if (isList(parameters)) {
    return { positional: parameters.map((value, index) => parameterValue(value, `parameters[${index}]`)), named: {} };
  }
  const named = Object.entries(parameters).map(([name, value]) => [name, parameterValue(value, `parameters.${name}`)]);
  return { positional: [], named: Object.fromEntries(named) };
}

function isList(parameters: object): parameters is readonly unknown[] {
  return Array.isArray(parameters);
}

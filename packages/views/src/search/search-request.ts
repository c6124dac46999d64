import {
  ArgumentError,
  type CouchbaseError,
  checkExperimental,
  checkOptions,
  describe,
  type ErrorDetails,
  type RawBucket,
  SearchError,
  stringifyJson,
} from '@cb/raw';
import type { AnswerHead } from '../http/exchange.js';
import { readRefusal, refusalDetails, refusalError } from '../http/refusal.js';
import { serviceRetryRule } from '../http/retry-rules.js';
import { percentEncode } from '../query/encoding.js';
import type { MutationState } from '../rows/mutation-state.js';
import { ReadableRows } from '../rows/readable-rows.js';
import { type RequestParts, ROWS_OPTIONS, type RowsOptions } from '../rows/rows-request.js';

/** What to search for: text in the service's query language, or a query object of the service. */
export type SearchQuery = string | Readonly<Record<string, unknown>>;

/** What a search takes. What is not given is not sent, and the server decides. */
export interface SearchOptions extends RowsOptions {
  /** How many hits to deliver at most. */
  readonly limit?: number | undefined;
  /** How many hits to leave out at the beginning. */
  readonly skip?: number | undefined;
  /** Whether hits tell how they were scored. */
  readonly explain?: boolean | undefined;
  /** The stored fields to deliver with each hit. */
  readonly fields?: readonly string[] | undefined;
  /** Marks what was found, in these fields or all. */
  readonly highlight?: { readonly style?: 'html' | 'ansi'; readonly fields?: readonly string[] } | undefined;
  /** What to count, by name. */
  readonly facets?: Readonly<Record<string, unknown>> | undefined;
  /** The order of the hits. */
  readonly sort?: readonly unknown[] | undefined;
  /** Wait for these mutations to be indexed. */
  readonly consistentWith?: MutationState | undefined;
  /** `continue`: the hits of the parts of the index that could be searched are good enough. Default `stop`. */
  readonly onError?: 'continue' | 'stop' | undefined;
  /** Further members of the request, by the names of the service. */
  readonly raw?: Readonly<Record<string, unknown>> | undefined;
}

const OPTIONS = [
  ...ROWS_OPTIONS,
  'limit',
  'skip',
  'explain',
  'fields',
  'highlight',
  'facets',
  'sort',
  'consistentWith',
  'onError',
  'raw',
] as const;

/** A document that was found. */
export interface SearchRow {
  readonly index: string;
  /** The document's key. */
  readonly id: string;
  readonly score: number;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly fragments?: Readonly<Record<string, readonly string[]>>;
  readonly locations?: unknown;
  readonly explanation?: unknown;
  readonly sort?: readonly unknown[];
}

/**
 * The hits of a search, as they arrive. Source: the search service's REST reference. The embedded cluster has no search
 * service: this needs a real one.
 * @experimental It needs `enableExperimental()`, and may change in any version.
 */
export class SearchRequest<Row = SearchRow> extends ReadableRows<Row> {
  readonly index: string;
  readonly body: Readonly<Record<string, unknown>>;
  protected readonly rowsName = 'hits';
  readonly #allowsPartial: boolean;

  /** @throws ArgumentError, and FeatureNotAvailableError unless experimental features are enabled. */
  constructor(parent: RawBucket, index: string, query: SearchQuery, options: SearchOptions = {}) {
    super(parent, options);
    checkExperimental('search');
    checkOptions('a search', options, OPTIONS);
    if (typeof index !== 'string' || index === '') {
      throw new ArgumentError(`index must be a string that is not empty, not ${describe(index)}`);
    }
    const { onError } = options;
    if (onError !== undefined && onError !== 'continue' && onError !== 'stop') {
      throw new ArgumentError(`onError must be continue or stop, not ${describe(onError)}`);
    }
    this.index = index;
    this.body = searchBody(index, query, options, options.timeout ?? this.defaultTimeoutMs, parent.bucket);
    this.#allowsPartial = onError === 'continue';
    stringifyJson(this.body);
  }

  get name(): string {
    return `search in ${this.index}`;
  }

  /** How many documents match, whatever was delivered. */
  get totalHits(): number {
    return Number(this.metadata['total_hits'] ?? 0);
  }

  /** Nanoseconds that the service needed. */
  get took(): number {
    return Number(this.metadata['took'] ?? 0);
  }

  get maxScore(): number {
    return Number(this.metadata['max_score'] ?? 0);
  }

  /** What was counted, by name. */
  get facets(): Readonly<Record<string, unknown>> {
    return (this.metadata['facets'] ?? {}) as Readonly<Record<string, unknown>>;
  }

  /** What parts of the index reported that could not be searched, by part. */
  get errors(): Readonly<Record<string, string>> {
    return partialFailures(this.metadata);
  }

  protected get defaultTimeoutMs(): number {
    return this.parent.services.settings.timeoutsMs.search;
  }

  protected request(): RequestParts {
    return {
      name: this.name,
      service: 'search',
      method: 'POST',
      path: `/api/index/${percentEncode(this.index)}/query`,
      body: stringifyJson(this.body),
      idempotent: true,
      retryRule: serviceRetryRule,
      failure: searchRefusal,
    };
  }

  protected process(rows: unknown[]): Iterable<Row> {
    return rows as Row[];
  }

  protected failureIn(metadata: object): CouchbaseError | undefined {
    const failures = Object.entries(partialFailures(metadata as Readonly<Record<string, unknown>>));
    const [first] = failures;
    if (first === undefined || this.#allowsPartial) return undefined;
    const more = failures.length === 1 ? '' : `, and ${failures.length - 1} more`;
    const message = `${this.name} failed at ${first[0]}: ${first[1]}${more}`;
    return new SearchError(message, { ...this.details, context: first[1] });
  }
}

function searchBody(
  index: string,
  query: SearchQuery,
  options: SearchOptions,
  timeoutMs: number,
  bucket: string,
): Record<string, unknown> {
  if (typeof query !== 'string' && (typeof query !== 'object' || query === null)) {
    throw new ArgumentError(`query must be a string or an object, not ${describe(query)}`);
  }
  const { limit, skip, explain, fields, highlight, facets, sort, consistentWith, raw } = options;
  const vectors = consistentWith === undefined ? undefined : { [index]: consistentWith.searchVector(bucket) };
  const members = {
    ...{ indexName: index, size: limit, from: skip, explain, fields, highlight, facets, sort },
    ctl: {
      timeout: Math.ceil(timeoutMs),
      ...(vectors === undefined ? {} : { consistency: { level: 'at_plus', vectors } }),
    },
    ...raw,
    query: typeof query === 'string' ? { query } : query,
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function partialFailures(metadata: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const { status, error } = metadata as { status?: { errors?: unknown }; error?: unknown };
  if (error !== undefined) return { [String(metadata['status'] ?? 'search')]: String(error) };
  return (status?.errors ?? {}) as Readonly<Record<string, string>>;
}

function searchRefusal(head: AnswerHead, body: string, details: ErrorDetails): CouchbaseError {
  const refusal = readRefusal(body);
  if (head.status === 401 || head.status === 403 || refusal.error === '') return refusalError(head, body, details);
  const message = `${details.operation} failed: ${refusal.error}`;
  return new SearchError(message, refusalDetails(body, refusal, details));
}

import { ArgumentError, type RawBucket } from '@cb/raw';
import { checkExperimental, checkOptions, describe } from '@cb/raw/internal';
import type { MutationState } from '../rows/mutation-state.js';
import { ROWS_OPTIONS, type RowsOptions, timeoutMsOf } from '../rows/rows-options.js';
import { metadataOf, RowsRequest, specify } from '../rows/rows-request.js';
import { partialFailures, searchSpec } from './search-spec.js';

/** A search: text in the service's query language, or a query object of the service. */
export type SearchQuery = string | Readonly<Record<string, unknown>>;

/** Options of a search. Options that are not given are not sent, and the server decides. */
export interface SearchOptions extends RowsOptions {
  /** Maximum number of hits to return. */
  readonly limit?: number | undefined;
  /** Number of hits to skip at the beginning. */
  readonly skip?: number | undefined;
  /** Whether hits explain their score. */
  readonly explain?: boolean | undefined;
  /** The stored fields to return with each hit. */
  readonly fields?: readonly string[] | undefined;
  /** Marks the matches, in these fields or in all. */
  readonly highlight?: { readonly style?: 'html' | 'ansi'; readonly fields?: readonly string[] } | undefined;
  /** The facets to count, by name. */
  readonly facets?: Readonly<Record<string, unknown>> | undefined;
  /** The order of the hits. */
  readonly sort?: readonly unknown[] | undefined;
  /** Waits until these mutations are indexed. */
  readonly consistentWith?: MutationState | undefined;
  /** `continue` accepts the hits of the parts of the index that could be searched. Default `stop`. */
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
  /** The name of the index. */
  readonly index: string;
  /** The document's key. */
  readonly id: string;
  /** How well the document matches. */
  readonly score: number;
  /** The fields that were asked for. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Parts of the fields that match. */
  readonly fragments?: Readonly<Record<string, readonly string[]>>;
  /** Where the fields match. */
  readonly locations?: unknown;
  /** How the score came about. */
  readonly explanation?: unknown;
  /** What the hit was sorted by. */
  readonly sort?: readonly unknown[];
}

/**
 * The hits of a search, as they arrive. Source: the search service's REST reference. The embedded cluster does not have
 * the search service; a real one is needed.
 * @experimental It needs `enableExperimental()`, and may change in any version.
 */
export class SearchRequest<Row = SearchRow> extends RowsRequest<Row> {
  /** The name of the index. */
  readonly index: string;
  /** The query, as it is sent. */
  readonly body: Readonly<Record<string, unknown>>;

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
    this.body = searchBody(index, query, options, timeoutMsOf('search', parent, options), parent.bucket);
    specify(this, searchSpec<Row>(index, this.body, onError === 'continue'));
  }

  /** Number of matching documents, however many were returned. */
  get totalHits(): number {
    return Number(metadataOf(this)['total_hits'] ?? 0);
  }

  /** Duration of the search at the service, in nanoseconds. */
  get took(): number {
    return Number(metadataOf(this)['took'] ?? 0);
  }

  /** The highest score of all hits. */
  get maxScore(): number {
    return Number(metadataOf(this)['max_score'] ?? 0);
  }

  /** The counted facets, by name. */
  get facets(): Readonly<Record<string, unknown>> {
    return (metadataOf(this)['facets'] ?? {}) as Readonly<Record<string, unknown>>;
  }

  /** The errors of the parts of the index that could not be searched, by part. */
  get errors(): Readonly<Record<string, string>> {
    return partialFailures(metadataOf(this));
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

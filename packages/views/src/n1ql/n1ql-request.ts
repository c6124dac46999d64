import { ArgumentError, type QueryFailure, type RawBucket } from '@cb/raw';
import { checkOptions, describe, servicesOf } from '@cb/raw/internal';
import { ROWS_OPTIONS, type RowsOptions, timeoutMsOf } from '../rows/rows-options.js';
import { metadataOf, RowsRequest, specify } from '../rows/rows-request.js';
import { readFailures } from './n1ql-failure.js';
import { N1QLQuery } from './n1ql-query.js';
import { n1qlSpec } from './n1ql-spec.js';
import { type QueryMetadata, type QueryMetrics, readMetadata } from './query-metadata.js';

/** Options of a request to the query service, besides its query. */
export interface N1QLRequestOptions<Row> extends RowsOptions {
  /** Converts a row. Default: the JSON value itself. */
  readonly rowFactory?: ((row: unknown) => Row) | undefined;
}

/**
 * The rows of a SQL++ statement, as they arrive.
 *
 * for await (const row of bucket.n1qlQuery('SELECT …')) console.log(row);
 */
export class N1QLRequest<Row = unknown> extends RowsRequest<Row> {
  /** The statement with its options. */
  readonly query: N1QLQuery;

  /** @throws ArgumentError */
  constructor(parent: RawBucket, query: N1QLQuery | string, options: N1QLRequestOptions<Row> = {}) {
    super(parent, options);
    checkOptions('a query', options, [...ROWS_OPTIONS, 'rowFactory']);
    const { rowFactory } = options;
    if (rowFactory !== undefined && typeof rowFactory !== 'function') {
      throw new ArgumentError(`rowFactory must be a function, not ${describe(rowFactory)}`);
    }
    this.query = query instanceof N1QLQuery ? query : new N1QLQuery(query);
    const timeoutMs = timeoutMsOf('query', parent, options);
    const contextId = this.query.options.clientContextId ?? servicesOf(parent).iops.randomBytes(16).toString('hex');
    specify(this, n1qlSpec({ parent, query: this.query, timeoutMs, contextId, rowFactory }));
  }

  /** What the answer has besides its rows. */
  get metadata(): QueryMetadata {
    return readMetadata(metadataOf(this));
  }

  /** The errors that the service reports. */
  get errors(): readonly QueryFailure[] {
    return readFailures(metadataOf(this)['errors']);
  }

  /** What the service warns of. */
  get warnings(): readonly QueryFailure[] {
    return this.metadata.warnings;
  }

  /** What the statement cost; undefined when `metrics` is false. */
  get metrics(): QueryMetrics | undefined {
    return this.metadata.metrics;
  }

  /** The phases of the execution, with `profile`. */
  get profile(): unknown {
    return this.metadata.profile;
  }

  /** The whole answer without its rows, as the service sent it. */
  get meta(): Readonly<Record<string, unknown>> {
    return metadataOf(this);
  }
}

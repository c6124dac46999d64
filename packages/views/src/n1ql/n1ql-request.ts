import { ArgumentError, checkOptions, describe, type QueryFailure, type RawBucket } from '@cb/raw';
import { ROWS_OPTIONS, type RowsOptions, timeoutMsOf } from '../rows/rows-options.js';
import { metadataOf, RowsRequest, specify } from '../rows/rows-request.js';
import { N1QLQuery } from './n1ql-query.js';
import { n1qlSpec } from './n1ql-spec.js';

/** What a request to the query service takes beside its query. */
export interface N1QLRequestOptions<Row> extends RowsOptions {
  /** Makes the rows. Default: the JSON values themselves. */
  readonly rowFactory?: ((row: unknown) => Row) | undefined;
}

/**
 * The rows of a SQL++ statement, as they arrive. The embedded cluster has no query service: this needs a real one.
 *
 *   for await (const row of bucket.n1qlQuery('SELECT …')) console.log(row);
 */
export class N1QLRequest<Row = unknown> extends RowsRequest<Row> {
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
    const contextId = this.query.options.clientContextId ?? parent.services.iops.randomBytes(16).toString('hex');
    specify(this, n1qlSpec({ parent, query: this.query, timeoutMs, contextId, rowFactory }));
  }

  /** What went wrong, as the service says. */
  get errors(): readonly QueryFailure[] {
    return readList(metadataOf(this)['errors']);
  }

  /** What the service warns of. */
  get warnings(): readonly QueryFailure[] {
    return readList(metadataOf(this)['warnings']);
  }

  /** Everything that the answer has beside its rows. */
  get meta(): Readonly<Record<string, unknown>> {
    return metadataOf(this);
  }

  /** Times and counts, unless `metrics` is false. */
  get metrics(): unknown {
    return metadataOf(this)['metrics'];
  }

  /** How the rows came about, with `profile`. */
  get profile(): unknown {
    return metadataOf(this)['profile'];
  }
}

function readList(list: unknown): QueryFailure[] {
  return Array.isArray(list)
    ? list.map((each) => ({ code: Number(each?.code ?? 0), message: String(each?.msg ?? '') }))
    : [];
}

import { ArgumentError, type RawBucket, type ViewFailure } from '@cb/raw';
import { describe } from '@cb/raw/internal';
import { percentEncode } from '../query/encoding.js';
import { type QueryBase, type QueryFlags, unknownOption } from '../query/query-base.js';
import {
  QUERY_OPTIONS,
  queryFromAny,
  SpatialQuery,
  type SpatialQueryOptions,
  ViewQuery,
  type ViewQueryOptions,
} from '../query/view-query.js';
import { ROWS_OPTIONS, type RowsOptions } from '../rows/rows-options.js';
import { metadataOf, RowsRequest, specify } from '../rows/rows-request.js';
import { viewFailures } from './view-failure.js';
import { type RowHandling, RowProcessor, SpatialRowProcessor, type ViewRow } from './view-row.js';
import { viewSpec } from './view-spec.js';

/** Options of a view, besides those of its query. */
export interface ViewSettings<Row> extends RowsOptions, QueryFlags {
  /** The query, instead of its options. It is copied. */
  readonly query?: ViewQuery | SpatialQuery | string | undefined;
  /** Uses the design document in development: `dev_` is put before its name. Default false. */
  readonly useDevmode?: boolean | undefined;
  /**
   * Reads the document of each row, as `doc`. Reduced rows do not have documents: a view with a reduce function also
   * needs `reduce: false`, without which the query fails with `ArgumentError`. Default false.
   */
  readonly includeDocs?: boolean | undefined;
  /** Creates the rows. Default: `ViewRow`s (for a spatial query, `SpatialRow`s). */
  readonly rowProcessor?: RowHandling<Row> | undefined;
}

/** The options of a query, and those of its view. */
export type ViewOptions<Row = ViewRow> = ViewSettings<Row> & ViewQueryOptions & SpatialQueryOptions;

const SETTINGS = [...ROWS_OPTIONS, 'query', 'useDevmode', 'includeDocs', 'rowProcessor'] as const;

/**
 * The rows of a view, as they arrive:
 *
 *   for await (const { key, docid } of bucket.query('beer', 'brewery_beers', { limit: 5 })) console.log(key, docid);
 *
 * The query is sent when the first row is asked for. A slow reader throttles the server; leaving the loop cancels the
 * query. A failure is thrown from the loop, after the rows before it.
 */
export class View<Row = ViewRow> extends RowsRequest<Row> {
  /** The name of the design document, `dev_` included. */
  readonly design: string;
  /** The name of the view. */
  readonly view: string;
  /** The query, as it is sent. */
  readonly query: ViewQuery | SpatialQuery;
  /** Whether the documents come with the rows. */
  readonly includeDocs: boolean;
  /** Makes the rows that the application gets. */
  readonly rowProcessor: RowHandling<Row>;

  /** @throws ArgumentError for invalid names or options. */
  constructor(parent: RawBucket, design: string, view: string, options: ViewOptions<Row> = {}) {
    super(parent, checkObject(options));
    const { useDevmode = false, includeDocs = false, rowProcessor } = options;
    this.design = developmentName(checkName(design, 'design'), useDevmode);
    this.view = checkName(view, 'view');
    this.query = readQuery(options);
    this.includeDocs = includeDocs;
    this.rowProcessor = rowProcessor ?? defaultProcessor(this.query);
    if (includeDocs && this.query instanceof ViewQuery && isTrue(this.query.reduce)) {
      throw new ArgumentError('includeDocs is not possible with reduce: reduced rows have no documents');
    }
    if (typeof this.rowProcessor.handleRows !== 'function') {
      throw new ArgumentError(`rowProcessor must have the method handleRows; it is ${describe(rowProcessor)}`);
    }
    specify(this, viewSpec(this));
  }

  /**
   * Number of rows in the index, however many the query selects; 0 when the answer does not say, as for reduced rows.
   */
  get indexedRows(): number {
    return Number(metadataOf(this)['total_rows'] ?? 0);
  }

  /** The failures of nodes that could not give their rows. */
  get errors(): readonly ViewFailure[] {
    return viewFailures(metadataOf(this));
  }

  /** Information of the server about the query, with the option `debug`. */
  get debugInfo(): unknown {
    return metadataOf(this)['debug_info'];
  }
}

/** Returns `_design/NAME/_view/NAME?`, which the options of a query follow. */
export function viewPath(design: string, view: string): string {
  return `_design/${percentEncode(design)}/_view/${percentEncode(view)}?`;
}

/** Returns the name of a design document, with `dev_` for one in development. */
export function developmentName(design: string, useDevmode: boolean): string {
  return useDevmode && !design.startsWith('dev_') ? `dev_${design}` : design;
}

/** Returns a name that is valid in a URL. Throws `ArgumentError` for any other. */
export function checkName(name: unknown, what: string): string {
  if (typeof name === 'string' && name !== '' && name.isWellFormed()) return name;
  throw new ArgumentError(`${what} must be a string that is not empty, not ${describe(name)}`);
}

function checkObject<T>(options: T): T {
  if (typeof options === 'object' && options !== null) return options;
  throw new ArgumentError(`the options of a view must be an object, not ${describe(options)}`);
}

function readQuery<Row>(options: ViewOptions<Row>): ViewQuery | SpatialQuery {
  const { query } = options;
  const rest = Object.fromEntries(Object.entries(options).filter(([name]) => !SETTINGS.includes(name as never)));
  const unknown = Object.keys(rest).find((name) => !QUERY_OPTIONS.includes(name));
  if (unknown !== undefined && options.unrecognizedOk !== true) {
    throw unknownOption(unknown, [...SETTINGS, ...QUERY_OPTIONS]);
  }
  if (query === undefined) {
    const built = queryFromAny(rest);
    // The server should not work for longer than the client waits.
    if (options.timeout !== undefined) built.connectionTimeout ??= Math.ceil(options.timeout);
    return built;
  }
  const extra = Object.keys(rest);
  if (extra.length === 0) return queryFromAny(query);
  throw new ArgumentError(`query cannot be combined with its options (${extra.join(', ')}): set them on the query`);
}

function defaultProcessor<Row>(query: QueryBase): RowHandling<Row> {
  return (query instanceof SpatialQuery ? new SpatialRowProcessor() : new RowProcessor()) as RowHandling<Row>;
}

function isTrue(option: unknown): boolean {
  return option !== undefined && option !== false && option !== 'false' && option !== 0;
}

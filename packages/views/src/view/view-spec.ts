import { ArgumentError, ProtocolError, type RawBucket } from '@cb/raw';
import { describe } from '@cb/raw/internal';
import { viewRetryRule } from '../http/retry-rules.js';
import { percentEncode } from '../query/encoding.js';
import { URI_CHARACTERS_MAX } from '../query/query-base.js';
import { SpatialQuery, type ViewQuery } from '../query/view-query.js';
import type { RowsMessage, RowsSpec } from '../rows/rows-spec.js';
import { viewEngineError, viewFailures, viewRefusal } from './view-failure.js';
import type { RawViewRow, RowHandling } from './view-row.js';

/** A query of a view, as data. */
export interface ViewCall<Row> {
  readonly parent: RawBucket;
  /** The name of the design document, `dev_` included. */
  readonly design: string;
  readonly view: string;
  readonly query: ViewQuery | SpatialQuery;
  readonly includeDocs: boolean;
  readonly rowProcessor: RowHandling<Row>;
}

/** Returns how a view is queried. */
export function viewSpec<Row>(call: ViewCall<Row>): RowsSpec<Row> {
  const name = `view ${call.design}/${call.view}`;
  return {
    name,
    service: 'views',
    rowsName: 'rows',
    idempotent: true,
    includesDocuments: call.includeDocs,
    retryRule: viewRetryRule,
    failure: viewRefusal,
    message: () => viewMessage(call),
    process: (rows) => processed(call, rows as RawViewRow[]),
    // Nothing can be read of other scalars either, but reading them does not fail.
    brokenRow: (rows, details) =>
      rows.includes(null)
        ? new ProtocolError(`${name}: a row of the answer is null, not an object`, details)
        : undefined,
    failureIn: (metadata, details) => {
      const failures = viewFailures(metadata as Readonly<Record<string, unknown>>);
      if (failures.length === 0 || call.query.onError === 'continue') return undefined;
      return viewEngineError(name, failures, details);
    },
  };
}

function viewMessage({ parent, design, view, query }: ViewCall<unknown>): RowsMessage {
  const kind = query instanceof SpatialQuery ? '_spatial' : '_view';
  const path = `/${percentEncode(parent.bucket)}/_design/${percentEncode(design)}/${kind}/${percentEncode(view)}`;
  if (!query.hasBlob) return { method: 'GET', path: withOptions(path, query.encoded) };
  const { uri, body } = query.longForm;
  return { method: 'POST', path: withOptions(path, uri), body };
}

function processed<Row>({ parent, rowProcessor, includeDocs }: ViewCall<Row>, rows: RawViewRow[]): Iterable<Row> {
  const made: unknown = rowProcessor.handleRows(rows, parent, includeDocs);
  if (isIterable<Row>(made)) return made;
  const given = made instanceof Promise ? 'a Promise, which is not waited for' : describe(made);
  throw new TypeError(`handleRows must return an iterable of rows, not ${given}`);
}

function isIterable<T>(value: unknown): value is Iterable<T> {
  return typeof (value as Partial<Iterable<T>> | null | undefined)?.[Symbol.iterator] === 'function';
}

function withOptions(path: string, options: string): string {
  if (options.length > URI_CHARACTERS_MAX) {
    const limit = `at most ${URI_CHARACTERS_MAX} are allowed, not counting keys`;
    throw new ArgumentError(`the options of the query have ${options.length} characters; ${limit}`);
  }
  if (/[^\x21-\x7e]/.test(options)) {
    throw new ArgumentError(
      `the options of the query contain characters that are invalid in a URL: ${JSON.stringify(options)}`,
    );
  }
  return options === '' ? path : `${path}?${options}`;
}

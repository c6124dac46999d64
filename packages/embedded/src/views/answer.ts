import type { ServerResponse } from 'node:http';

/** Number of characters that are collected before a write. */
const BATCH_CHARACTERS = 16 * 1024;

/** A node that did not contribute all that it should have. */
export interface Failure {
  readonly from: string;
  readonly reason: string;
}

/** The result of a query. */
export interface Findings {
  /** By node, when it was asked for. */
  readonly debugInfo: Readonly<Record<string, object>> | undefined;
  /** Rows of the whole view, of one that is not reduced. */
  readonly totalRows: number | undefined;
  /** The nodes that failed; there may be more of them after the rows. */
  readonly failures: readonly Failure[];
  /** As JSON. */
  rows(): AsyncIterable<string>;
}

/**
 * Sends the result of a query as it is found, no faster than the client reads. The line breaks are the server's, see
 * couchbase/couchdb, couch_httpd_view_merger.erl.
 */
export async function sendAnswer(response: ServerResponse, query: Findings, stopsOnError: boolean): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'must-revalidate' });
  const debugInfo = query.debugInfo === undefined ? '' : `"debug_info":${JSON.stringify(query.debugInfo)},`;
  const { totalRows } = query;
  if (stopsOnError && query.failures.length > 0) {
    response.end(`{${debugInfo}"total_rows":0,"rows":[]\r\n,\r\n"errors":[${JSON.stringify(query.failures[0])}]\r\n}`);
    return;
  }
  let batch = `{${debugInfo}${totalRows === undefined ? '' : `"total_rows":${totalRows},`}"rows":[`;
  let separator = '\r\n';
  for await (const row of query.rows()) {
    if (stopsOnError && query.failures.length > 0) break;
    batch += separator + row;
    separator = ',\r\n';
    if (batch.length < BATCH_CHARACTERS) continue;
    if (!(await send(response, batch))) return;
    batch = '';
  }
  response.end(`${batch}\r\n]${errorsText(query, stopsOnError)}\r\n}`);
}

/** False when the client has gone. */
async function send(response: ServerResponse, text: string): Promise<boolean> {
  if (response.destroyed) return false;
  if (response.write(text)) return true;
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      response.off('drain', settle).off('close', settle);
      resolve();
    };
    response.on('drain', settle).on('close', settle);
  });
  return !response.destroyed;
}

function errorsText({ failures }: Findings, stopsOnError: boolean): string {
  const errors = failures.map((failure) => JSON.stringify(failure));
  if (errors.length === 0) return '';
  return stopsOnError ? `,"errors":[${errors[0]}]` : `,\r\n"errors":[\r\n${errors.join(',\r\n')}\r\n]`;
}

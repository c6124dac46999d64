import { type CouchbaseError, type ErrorDetails, SearchError } from '@cb/raw';
import { stringifyJson } from '@cb/raw/internal';
import type { AnswerHead } from '../http/exchange.js';
import { readRefusal, refusalDetails, refusalError } from '../http/refusal.js';
import { serviceRetryRule } from '../http/retry-rules.js';
import { percentEncode } from '../query/encoding.js';
import type { RowsMessage, RowsSpec } from '../rows/rows-spec.js';

/**
 * Returns how an index is searched.
 * @throws ArgumentError when the body is not JSON.
 */
export function searchSpec<Row>(index: string, body: object, allowsPartial: boolean): RowsSpec<Row> {
  const name = `search in ${index}`;
  const path = `/api/index/${percentEncode(index)}/query`;
  const message: RowsMessage = { method: 'POST', path, body: stringifyJson(body) };
  return {
    name,
    service: 'search',
    rowsName: 'hits',
    idempotent: true,
    includesDocuments: false,
    retryRule: serviceRetryRule,
    failure: searchRefusal,
    message: () => message,
    process: (rows) => rows as Row[],
    failureIn: (metadata, details) => {
      const failures = Object.entries(partialFailures(metadata as Readonly<Record<string, unknown>>));
      const [first] = failures;
      if (first === undefined || allowsPartial) return undefined;
      const more = failures.length === 1 ? '' : `, and ${failures.length - 1} more`;
      return new SearchError(`${name} failed at ${first[0]}: ${first[1]}${more}`, { ...details, context: first[1] });
    },
  };
}

/** Returns the errors of the parts of an index that could not be searched, by part. */
export function partialFailures(metadata: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
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

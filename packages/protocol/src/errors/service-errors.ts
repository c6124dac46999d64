import { CouchbaseError, CouchbaseInputError, type ErrorClass, type ErrorDetails } from './couchbase-error.js';

/**
 * An HTTP service answered with a status other than success: `status`. `context` has its explanation, if there was one.
 */
export class HttpError extends CouchbaseError {
  static override readonly code: string = 'http';
  static override readonly rc: number = 0x3b;
  static override readonly categories: readonly ErrorClass[] = [];
  /** The beginning of the body of the answer. */
  readonly body: string;

  constructor(message: string, details: ErrorDetails & { readonly body?: string | undefined } = {}) {
    super(message, details);
    this.body = details.body ?? '';
  }
}

/** There is no such design document, or it has no such view. */
export class ViewNotFoundError extends HttpError {
  static override readonly code: string = 'view_not_found';
}

/** There is no such design document. */
export class DesignDocumentNotFoundError extends HttpError {
  static override readonly code: string = 'design_document_not_found';
}

/** The failure of one node to return its rows of a view. */
export interface ViewFailure {
  /** The node, as the server names it. */
  readonly from: string;
  /** The reason, in the words of the node. */
  readonly reason: string;
}

/** The view engine reported errors in its answer: `failures` has all of them. The rows are those of the other nodes. */
export class ViewEngineError extends CouchbaseError {
  static override readonly code: string = 'view_engine';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [];
  /** What each node failed with. */
  readonly failures: readonly ViewFailure[];

  constructor(
    message: string,
    details: ErrorDetails & { readonly failures?: readonly ViewFailure[] | undefined } = {},
  ) {
    super(message, details);
    this.failures = details.failures ?? [];
  }
}

/** The search service could not search a part of an index; `context` has its explanation. */
export class SearchError extends CouchbaseError {
  static override readonly code: string = 'search';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [];
}

/** The rows of a query were read already, which is possible once. */
export class AlreadyQueriedError extends CouchbaseError {
  static override readonly code: string = 'already_queried';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

/** The answer is not complete yet, or was never completed: its metadata is unknown. */
export class MetadataNotReadyError extends CouchbaseError {
  static override readonly code: string = 'metadata_not_ready';
  static override readonly rc: number = 0x00;
  static override readonly categories: readonly ErrorClass[] = [CouchbaseInputError];
}

import {
  ArgumentError,
  type CouchbaseError,
  DesignDocumentNotFoundError,
  type ErrorDetails,
  ProtocolError,
  type RawBucket,
  TimeoutError,
} from '@cb/raw';
import { checkOptions, checkSignal, checkTimeout, describe, servicesOf } from '@cb/raw/internal';
import { asWork, callJson, callText } from '../http/call-text.js';
import { checkRawBucket } from '../http/check-raw-bucket.js';
import type { AnswerHead, OutgoingRequest } from '../http/exchange.js';
import { readRefusal, refusalDetails, refusalError } from '../http/refusal.js';
import { serviceRetryRule, viewRetryRule } from '../http/retry-rules.js';
import type { ServiceRequest } from '../http/service-call.js';
import type { ServiceClient } from '../http/service-client.js';
import { serviceClientOf } from '../http/service-client-of.js';
import { jsonText, percentEncode } from '../query/encoding.js';
import { BatchedView } from '../view/batched-view.js';
import { checkName, developmentName } from '../view/view.js';

/** A view: functions as source text. `reduce` may be `_count`, `_sum` or `_stats`. */
export interface ViewDefinition {
  /** The map function, as text. */
  readonly map: string;
  /** The reduce function, as text. */
  readonly reduce?: string | undefined;
}

/** A design document. */
export interface DesignDocument {
  /** The views, by name. */
  readonly views?: Readonly<Record<string, ViewDefinition>> | undefined;
  /** The spatial views, by name. */
  readonly spatial?: Readonly<Record<string, string>> | undefined;
  /** The language of the functions. */
  readonly language?: string | undefined;
  readonly [member: string]: unknown;
}

/** A design document in the list of a bucket. */
export interface ListedDesignDocument {
  /** Without `_design/`; with `dev_` when it is in development. */
  readonly name: string;
  /** The revision of the design document. */
  readonly rev: string;
  /** The design document. */
  readonly document: DesignDocument;
}

/** Options of every call about design documents. */
export interface DesignDocumentOptions {
  /** Milliseconds until `TimeoutError`. Default: `management_timeout` of the connection string, 75,000. */
  readonly timeout?: number | undefined;
  /** Cancels the call when aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of a call about one design document. */
export interface NamedDesignDocumentOptions extends DesignDocumentOptions {
  /** Uses the design document in development: `dev_` is put before its name. Default false. */
  readonly useDevmode?: boolean | undefined;
}

/** Options of waiting until a design document is indexed. */
export interface IndexedOptions extends NamedDesignDocumentOptions {
  /** For a design document in development: indexes all documents instead of a part of them. Default false. */
  readonly fullSet?: boolean | undefined;
}

const OPTIONS = ['timeout', 'signal'] as const;
const NAMED_OPTIONS = [...OPTIONS, 'useDevmode'] as const;
const INDEXED_OPTIONS = [...NAMED_OPTIONS, 'fullSet'] as const;
const PREFIX = '_design/';
const DEVELOPMENT = 'dev_';

/**
 * The design documents of a bucket, which define its views. All calls return Promises and connect the bucket if
 * necessary. They reject with a `CouchbaseError`: `ArgumentError` for misuse, `DesignDocumentNotFoundError` for a
 * missing document, and `HttpError` for a document that the server rejects, with the reason in its `context`.
 */
export class DesignDocuments {
  readonly #bucket: RawBucket;

  constructor(bucket: RawBucket) {
    checkRawBucket(bucket);
    this.#bucket = bucket;
  }

  /** Returns all design documents by name, those in development included. */
  async list(options: DesignDocumentOptions = {}): Promise<ListedDesignDocument[]> {
    checkOptions('list', options, OPTIONS);
    const answer = await this.#json({
      ...this.#common('list of design documents', options),
      service: 'mgmt',
      method: 'GET',
      path: `/pools/default/buckets/${percentEncode(this.#bucket.bucket)}/ddocs`,
      retryRule: serviceRetryRule,
    });
    const { rows = [] } = answer as { readonly rows?: unknown };
    if (!Array.isArray(rows)) throw new ProtocolError('the list of design documents has no list of rows');
    return rows.map(listedDocument).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Returns a design document. */
  async get(name: string, options: NamedDesignDocumentOptions = {}): Promise<DesignDocument> {
    checkOptions('get', options, NAMED_OPTIONS);
    return (await this.#json(this.#one('GET', fullName(name, options), options))) as DesignDocument;
  }

  /** Writes a design document, whether or not it exists. Its views are available when all nodes know of it. */
  async upsert(name: string, document: DesignDocument, options: NamedDesignDocumentOptions = {}): Promise<void> {
    checkOptions('upsert', options, NAMED_OPTIONS);
    const body = checkDocument(document);
    await this.#text({ ...this.#one('PUT', fullName(name, options), options), body });
  }

  /** Publishes the design document that is in development; it stays in development as well. */
  async publish(name: string, options: DesignDocumentOptions = {}): Promise<void> {
    checkOptions('publish', options, OPTIONS);
    const published = checkName(name, 'name').replace(/^dev_/, '');
    const { _id, _rev, ...document } = await this.get(`${DEVELOPMENT}${published}`, options);
    await this.upsert(published, document, options);
  }

  /** Removes a design document and its indexes. */
  async remove(name: string, options: NamedDesignDocumentOptions = {}): Promise<void> {
    checkOptions('remove', options, NAMED_OPTIONS);
    await this.#text(this.#one('DELETE', fullName(name, options), options));
  }

  /**
   * Waits until all views of a design document are indexed up to the current documents. `TimeoutError` names the view
   * that was not ready; the server goes on indexing then.
   */
  async waitUntilIndexed(name: string, options: IndexedOptions = {}): Promise<void> {
    checkOptions('waitUntilIndexed', options, INDEXED_OPTIONS);
    const { fullSet, signal, timeout = servicesOf(this.#bucket).settings.timeoutsMs.mgmt } = options;
    checkTimeout(timeout);
    const { iops } = servicesOf(this.#bucket);
    const deadline = iops.now() + timeout * 1000;
    const design = fullName(name, options);
    const { views = {} } = await this.get(design, { timeout, ...(signal === undefined ? {} : { signal }) });
    for (const view of Object.keys(views ?? {})) {
      const left = Math.ceil((deadline - iops.now()) / 1000);
      const message = `view ${design}/${view} was not indexed within ${timeout} ms`;
      if (left <= 0) throw new TimeoutError(message, { operation: 'waitUntilIndexed' });
      // The answer comes when the index is up to date, whatever it selects.
      const query = { stale: false, limit: 1, reduce: false, timeout: left, signal };
      await BatchedView.load(this.#bucket, design, view, fullSet === undefined ? query : { ...query, fullSet });
    }
  }

  #one(method: OutgoingRequest['method'], design: string, options: DesignDocumentOptions): ServiceRequest {
    return {
      ...this.#common(`design document ${design}`, options),
      service: 'views',
      method,
      path: `/${percentEncode(this.#bucket.bucket)}/_design/${percentEncode(design)}`,
      // A missing design document is the result here, not a temporary state.
      retryRule: (status, body) => (status === 404 ? undefined : viewRetryRule(status, body)),
    };
  }

  #common(name: string, { timeout, signal }: DesignDocumentOptions) {
    const { settings } = servicesOf(this.#bucket);
    return {
      name,
      idempotent: true,
      timeoutMs: timeout === undefined ? settings.timeoutsMs.mgmt : checkTimeout(timeout),
      priority: 0,
      signal: signal === undefined ? undefined : checkSignal(signal),
      retry: settings.retry,
      failure: refusalOf,
    };
  }

  async #json(request: ServiceRequest): Promise<unknown> {
    return this.#call(request, callJson);
  }

  async #text(request: ServiceRequest): Promise<void> {
    await this.#call(request, callText);
  }

  async #call<T>(
    request: ServiceRequest,
    call: (client: ServiceClient, request: ServiceRequest) => Promise<T>,
  ): Promise<T> {
    if (!this.#bucket.connected) await this.#connected();
    return asWork(servicesOf(this.#bucket), request.name, request.signal, async (signal) =>
      call(await serviceClientOf(this.#bucket), { ...request, signal }),
    );
  }

  async #connected(): Promise<void> {
    await new Promise<undefined>((resolve, reject) => {
      this.#bucket.connect().setCallbacks(resolve, (_result, _errorClass, error) => reject(error));
    });
  }
}

function listedDocument(row: unknown): ListedDesignDocument {
  const { doc } = (row ?? {}) as {
    readonly doc?: { readonly meta?: ListedMeta | null; readonly json?: unknown } | null;
  };
  const { id, rev } = doc?.meta ?? {};
  if (typeof id !== 'string' || typeof rev !== 'string' || typeof doc?.json !== 'object' || doc.json === null) {
    throw new ProtocolError(`the list of design documents has an invalid row: ${describe(row)}`);
  }
  return { name: id.replace(PREFIX, ''), rev, document: doc.json as DesignDocument };
}

interface ListedMeta {
  readonly id?: unknown;
  readonly rev?: unknown;
}

function fullName(name: string, { useDevmode = false }: NamedDesignDocumentOptions): string {
  return developmentName(checkName(name, 'name').replace(PREFIX, ''), useDevmode);
}

function checkDocument(document: unknown): string {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new ArgumentError(`a design document must be an object, not ${describe(document)}`);
  }
  return jsonText(document, 'the design document');
}

function refusalOf(head: AnswerHead, body: string, details: ErrorDetails): CouchbaseError {
  if (head.status !== 404) return refusalError(head, body, details);
  const refusal = readRefusal(body);
  const why = refusal.reason === '' ? 'not found' : refusal.reason;
  return new DesignDocumentNotFoundError(
    `${details.operation} does not exist: ${why}`,
    refusalDetails(body, refusal, details),
  );
}

import { AnswerTooBigError, type CouchbaseError, type ErrorDetails, ValueFormatError } from '@cb/raw';
import type { RowSink } from './row-sink.js';
import { BYTES_MAX, type RowsOptions } from './rows-options.js';
import type { RowsSpec } from './rows-spec.js';

/** What a delivery takes from its request and reports to it. */
export interface DeliveryOwner {
  /** See `RowsOptions`; read at each delivery. */
  readonly rowsPerCall: number;
  readonly details: ErrorDetails;
  failed(error: CouchbaseError): void;
}

/** Delivers rows to a sink, in their final form and in portions of the size that was asked for. */
export class RowDelivery<Row> {
  readonly #spec: RowsSpec<Row>;
  readonly #sink: RowSink<Row>;
  readonly #bytesMax: number;
  readonly #owner: DeliveryOwner;
  /** All rows, when they are delivered at once. */
  #collected: unknown[] = [];
  #rowsReturned = 0;
  #isStopped = false;

  constructor(spec: RowsSpec<Row>, sink: RowSink<Row>, { bytesMax = BYTES_MAX }: RowsOptions, owner: DeliveryOwner) {
    this.#spec = spec;
    this.#sink = sink;
    this.#bytesMax = bytesMax;
    this.#owner = owner;
  }

  /** How many rows were delivered so far; those of a delivery in progress are among them. */
  get rowsReturned(): number {
    return this.#rowsReturned;
  }

  get hasDelivered(): boolean {
    return this.#rowsReturned > 0;
  }

  /** Discards the rows that were collected: an answer begins. */
  reset(): void {
    this.#collected = [];
  }

  /** Fails when all rows are kept and the answer has more bytes than may be kept. */
  checkSize(bytes: number): void {
    const { rowsPerCall, details } = this.#owner;
    if (rowsPerCall !== -1 || bytes <= this.#bytesMax) return;
    const message = `the answer to ${this.#spec.name} has more than ${this.#bytesMax} bytes (bytesMax), and all of its rows are kept`;
    this.#owner.failed(new AnswerTooBigError(message, details));
  }

  push(rows: unknown[]): void {
    const { rowsPerCall } = this.#owner;
    if (rowsPerCall === -1) {
      for (const row of rows) this.#collected.push(row);
    } else if (rowsPerCall === 0 || rows.length <= rowsPerCall) {
      this.#deliver(rows);
    } else {
      for (let at = 0; at < rows.length; at += rowsPerCall) this.#deliver(rows.slice(at, at + rowsPerCall));
    }
  }

  /** Delivers the rows that were collected: the answer is complete. */
  flush(): void {
    const rows = this.#collected;
    this.#collected = [];
    if (rows.length > 0) this.#deliver(rows);
  }

  /** Delivers nothing any more. */
  stop(): void {
    this.#isStopped = true;
  }

  #deliver(rows: unknown[]): void {
    if (this.#isStopped) return;
    this.#rowsReturned += rows.length;
    let processed: Row[];
    try {
      const iterable = this.#spec.process(rows);
      processed = Array.isArray(iterable) ? iterable : [...iterable];
    } catch (cause) {
      const message = `the row processor failed: ${(cause as Error)?.message ?? cause}`;
      this.#owner.failed(new ValueFormatError(message, { ...this.#owner.details, cause }));
      return;
    }
    if (processed.length > 0) this.#sink.rows(processed);
  }
}

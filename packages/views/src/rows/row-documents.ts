import { ArgumentError, type CouchbaseError, type Result, ValueFormatError, type ValueResult } from '@cb/raw';
import { type BucketServices, soon } from '@cb/raw/internal';
import type { ServiceClient } from '../http/service-client.js';
import { WorkQueue } from '../http/work-queue.js';

/** Maximum number of documents read at a time, as in libcouchbase. */
const READS_MAX = 10;
/** High-water mark, in rows that wait for their documents: above it, reading from the network pauses. */
const WAITING_MAX = 1000;
/** Low-water mark: below it, reading from the network resumes. */
const WAITING_MIN = 500;

/** A row, with the place for its document. */
interface Entry {
  readonly row: object;
  isReady: boolean;
}

export interface RowDocumentsEvents {
  /** Reports the document of a row. A failed read is an unsuccessful result. */
  documentRead(row: object, document: Result): void;
  /** Receives rows whose documents were read, in the order of the rows. */
  rowsReady(rows: object[]): void;
  /** Reports whether too many rows wait. */
  crowded(isCrowded: boolean): void;
  failed(error: CouchbaseError): void;
}

/** Reads the documents of rows and returns the rows in their order, in whatever order the documents arrive. */
export class RowDocuments {
  readonly #services: BucketServices;
  readonly #operation: string;
  readonly #events: RowDocumentsEvents;
  readonly #queue = new WorkQueue(READS_MAX);
  #entries: Entry[] = [];
  /** Entries before this index are done. */
  #first = 0;
  #isCrowded = false;
  #isDue = false;
  #onDrained: (() => void) | undefined = undefined;

  /** @param operation name of the request, for messages */
  constructor(client: ServiceClient, operation: string, events: RowDocumentsEvents) {
    this.#services = client.services;
    this.#operation = operation;
    this.#events = events;
  }

  /** Reads the documents of rows, which are named by their `id`. */
  push(rows: readonly unknown[]): void {
    for (const row of rows) {
      if (typeof row !== 'object' || row === null) {
        this.#events.failed(new ValueFormatError('a row of a view is not a JSON object'));
        return;
      }
      const { id } = row as { readonly id?: unknown };
      if (typeof id !== 'string') {
        // Only the server knows that a view reduces by default, until such a row arrives.
        const message = `${this.#operation} returns reduced rows, which have no documents: includeDocs needs reduce: false`;
        this.#events.failed(new ArgumentError(message, { operation: this.#operation }));
        return;
      }
      const entry: Entry = { row, isReady: false };
      this.#entries.push(entry);
      void this.#queue.add(() => this.#read(id, entry));
    }
    this.#schedule();
    this.#noteCrowd();
  }

  /** Resolves when every row was returned. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#onDrained = resolve;
      this.#schedule();
    });
  }

  /** Discards all rows and the documents that are being read for them. */
  clear(): void {
    this.#queue.clear();
    this.#entries = [];
    this.#first = 0;
    this.#noteCrowd();
  }

  get #waiting(): number {
    return this.#entries.length - this.#first;
  }

  async #read(key: string, entry: Entry): Promise<void> {
    const document = await this.#resultOf(key);
    if (document === undefined) return;
    this.#events.documentRead(entry.row, document);
    entry.isReady = true;
    this.#schedule();
  }

  #resultOf(key: string): Promise<Result | undefined> {
    return new Promise((resolve) => {
      try {
        this.#services.read(key).setCallbacks(resolve, (_result, _errorClass, error) => {
          resolve(error.result as ValueResult);
        });
      } catch (error) {
        this.#events.failed(error as CouchbaseError);
        resolve(undefined);
      }
    });
  }

  /** Many documents arrive at a time: their rows are returned together. */
  #schedule(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    soon(() => {
      this.#isDue = false;
      this.#giveBack();
    });
  }

  #giveBack(): void {
    const from = this.#first;
    while (this.#entries[this.#first]?.isReady === true) this.#first++;
    const ready = this.#entries.slice(from, this.#first).map(({ row }) => row);
    if (this.#waiting === 0) {
      this.#entries = [];
      this.#first = 0;
    } else if (this.#first > WAITING_MAX) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
    if (ready.length > 0) this.#events.rowsReady(ready);
    this.#noteCrowd();
    if (this.#waiting === 0) this.#onDrained?.();
  }

  #noteCrowd(): void {
    const isCrowded = this.#waiting > (this.#isCrowded ? WAITING_MIN : WAITING_MAX);
    if (isCrowded === this.#isCrowded) return;
    this.#isCrowded = isCrowded;
    this.#events.crowded(isCrowded);
  }
}

import {
  ArgumentError,
  type BucketServices,
  type CouchbaseError,
  type Result,
  soon,
  ValueFormatError,
  type ValueResult,
} from '@cb/raw';
import type { ServiceClient } from '../http/service-client.js';
import { WorkQueue } from '../http/work-queue.js';

/** As many documents are read at a time, as in libcouchbase. */
const READS_MAX = 10;
/** With so many rows waiting for their documents, no more are read from the network … */
const WAITING_MAX = 1000;
/** … until so few are left. */
const WAITING_MIN = 500;

/** A row, with the place for its document. */
interface Entry {
  readonly row: object;
  isReady: boolean;
}

export interface RowDocumentsEvents {
  /** A failed read is a result too: it says why. */
  documentRead(row: object, document: Result): void;
  /** Rows whose documents are there, in the order of the rows. */
  rowsReady(rows: object[]): void;
  /** Too many rows wait, or not any more. */
  crowded(isCrowded: boolean): void;
  failed(error: CouchbaseError): void;
}

/** Reads the documents of rows, and gives the rows back in their order, whatever the order of the documents. */
export class RowDocuments {
  readonly #services: BucketServices;
  readonly #operation: string;
  readonly #events: RowDocumentsEvents;
  readonly #queue = new WorkQueue(READS_MAX);
  #entries: Entry[] = [];
  /** Entries before this one are gone. */
  #first = 0;
  #isCrowded = false;
  #isDue = false;
  #onDrained: (() => void) | undefined = undefined;

  /** @param operation what the rows are of, for messages */
  constructor(client: ServiceClient, operation: string, events: RowDocumentsEvents) {
    this.#services = client.services;
    this.#operation = operation;
    this.#events = events;
  }

  /** Takes rows whose `id` names their document. */
  push(rows: readonly unknown[]): void {
    for (const row of rows) {
      if (typeof row !== 'object' || row === null) {
        this.#events.failed(new ValueFormatError('a row of a view is no JSON object'));
        return;
      }
      const { id } = row as { readonly id?: unknown };
      if (typeof id !== 'string') {
        // That a view reduces unless it is told not to is known to the server alone, until such a row comes.
        const message = `${this.#operation} gives reduced rows, which have no documents: includeDocs needs reduce: false`;
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

  /** Resolves when every row was given back. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#onDrained = resolve;
      this.#schedule();
    });
  }

  /** Forgets all rows; documents on their way are of no use any more. */
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

  /** Documents arrive many at a time: their rows go on together. */
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

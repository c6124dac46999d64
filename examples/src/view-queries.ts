import { AsyncViewBase, type CouchbaseError, type connect, type ViewRow } from '@cb/promise';

type Bucket = Awaited<ReturnType<typeof connect>>;

/** A view of the places by their country, which can be counted. */
export const PLACES_BY_COUNTRY = {
  map: "function (doc) { if (doc.type === 'city') emit(doc.country, doc.name); }",
  reduce: '_count',
} as const;

/** Rows that a handler received. */
export interface Streamed {
  readonly calls: number;
  readonly rows: number;
  readonly indexedRows: number;
}

/** Receives all rows of a view as they arrive, and keeps none of them. */
export function streamRows(bucket: Bucket, design: string, view: string): Promise<Streamed> {
  return new Promise((resolve, reject) => {
    class Counter extends AsyncViewBase {
      #calls = 0;
      #rows = 0;

      onRows(rows: Iterable<ViewRow>): void {
        this.#calls++;
        for (const _row of rows) this.#rows++;
      }

      onError(error: CouchbaseError): void {
        reject(error);
      }

      onDone(): void {
        // After a failure there is nothing to tell, and the Promise is settled.
        if (this.raw.value === undefined) return;
        resolve({ calls: this.#calls, rows: this.#rows, indexedRows: this.indexedRows });
      }
    }
    bucket.queryEx(Counter, design, view, { reduce: false });
  });
}

import type { CouchbaseError } from '@cb/protocol';
import { AsyncViewBase } from '@cb/views';

/** A view that notes what it is called with, in order. */
export class Recorder extends AsyncViewBase {
  readonly calls: string[] = [];
  readonly sizes: number[] = [];
  failure: CouchbaseError | undefined = undefined;
  #onEnd: (() => void) | undefined = undefined;
  readonly ended = new Promise<void>((resolve) => {
    this.#onEnd = resolve;
  });

  get received(): number {
    return this.sizes.reduce((sum, count) => sum + count, 0);
  }

  onRows(rows: Iterable<unknown>): void {
    this.calls.push('rows');
    this.sizes.push([...rows].length);
  }

  onError(error: CouchbaseError): void {
    this.calls.push('error');
    this.failure = error;
  }

  onDone(): void {
    this.calls.push('done');
    // Whatever comes after the end is noted as well.
    setTimeout(() => this.#onEnd?.(), 20);
  }
}

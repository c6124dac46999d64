import { type AsyncResult, RawBucket, type RawBucketOptions, type ScanItem, type ScanType } from '@cb/raw';
import { concatMap, Observable } from 'rxjs';

/**
 * A RawBucket whose calls are Observables. Nothing happens before somebody subscribes; each subscription is a call of
 * its own, and unsubscribing cancels it. The first one connects.
 */
export class ObservableBucket {
  readonly raw: RawBucket;

  constructor(connectionString: string, options?: RawBucketOptions) {
    this.raw = new RawBucket(connectionString, options);
  }

  /** Any operation of the bucket, or of a collection: `bucket.call((raw) => raw.get<Doc>('foo'))`. */
  call<R>(operation: (raw: RawBucket) => AsyncResult<R>): Observable<R> {
    return this.#connected(outcome(() => operation(this.raw)));
  }

  /** The documents that a scan comes across. Observables know no backpressure: they come as fast as the server sends. */
  scan<T = unknown>(type: ScanType): Observable<ScanItem<T>> {
    return this.#connected(
      new Observable((subscriber) => {
        const onItems = (items: readonly ScanItem<T>[]): void => {
          for (const item of items) subscriber.next(item);
        };
        const result = this.raw.scan<T>(type, {}, onItems);
        result.setCallbacks(
          () => subscriber.complete(),
          (_result, _errorClass, error) => subscriber.error(error),
        );
        return () => result.cancel();
      }),
    );
  }

  /** Completes when everything under way is answered. */
  close(): Observable<undefined> {
    return outcome(() => this.raw.close());
  }

  /** The same after connecting, when that is not done yet. */
  #connected<R>(calls: Observable<R>): Observable<R> {
    const connected = outcome(() => this.raw.connect()).pipe(concatMap(() => calls));
    return new Observable((subscriber) => (this.raw.connected ? calls : connected).subscribe(subscriber));
  }
}

/** One result, or one error, that of misuse too. */
function outcome<R>(schedule: () => AsyncResult<R>): Observable<R> {
  return new Observable((subscriber) => {
    const result = schedule();
    result.setCallbacks(
      (value) => {
        subscriber.next(value);
        subscriber.complete();
      },
      (_result, _errorClass, error) => subscriber.error(error),
    );
    return () => result.cancel();
  });
}

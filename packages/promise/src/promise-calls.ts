import type { AsyncResult, RawBucket, RawCollection } from '@cb/raw';

/** How the calls of a bucket or a collection become Promises. Each group of operations is a class of its own above this. */
export abstract class PromiseCalls {
  /** The bucket under this one, for whoever needs callbacks on a hot path. */
  abstract readonly raw: RawBucket;

  /** The operations with callbacks. */
  protected abstract readonly operations: RawCollection;

  /** The Promise of an asynchronous result that is scheduled now, or as soon as the bucket is connected. */
  protected promise<R>(schedule: () => AsyncResult<R>): Promise<R> {
    const { raw } = this;
    if (raw.state === 'idle' || raw.state === 'connecting' || raw.state === 'failed') {
      return settled(() => raw.connect()).then(() => settled(schedule));
    }
    return settled(schedule);
  }
}

/** The one bridge from callbacks: what `schedule` throws is a rejection as well. */
export function settled<R>(schedule: () => AsyncResult<R>): Promise<R> {
  return new Promise<R>((resolve, reject) => {
    const result = schedule();
    result.callback = resolve;
    result.errback = (_result, _errorClass, error) => reject(error);
  });
}

import { type AsyncResult, INSPECT, inspected, type RawBucket, type RawCollection } from '@cb/raw';

/** What ends the wait for the connection too, where the options of an operation have it. */
interface WaitOptions {
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How the calls of a bucket or a collection become Promises. Each group of operations is a class of its own above this. */
export abstract class PromiseCalls {
  /** The bucket under this one, for whoever needs callbacks on a hot path. */
  abstract readonly raw: RawBucket;

  /** The operations with callbacks. */
  protected abstract readonly operations: RawCollection;

  /** The Promise of an asynchronous result that is scheduled now, or as soon as the bucket is connected. */
  protected promise<R>(schedule: () => AsyncResult<R>, options?: WaitOptions): Promise<R> {
    const { raw } = this;
    if (raw.state === 'idle' || raw.state === 'connecting' || raw.state === 'failed') {
      return whenConnected(raw, schedule, options);
    }
    return settled(schedule);
  }

  /** Returns what a log shows: names and states, never the credentials. */
  toJSON(): object {
    return this.operations.toJSON();
  }

  /** Shows in a console what a log shows. */
  [INSPECT](_depth: number, options: object, inspect: (value: unknown, options: object) => string): string {
    return inspected(this, options, inspect);
  }
}

/** The one bridge from callbacks: what `schedule` throws is a rejection as well. */
export function settled<R>(schedule: () => AsyncResult<R>): Promise<R> {
  return new Promise<R>((resolve, reject) => {
    bind(schedule(), resolve, reject);
  });
}

/** Schedules inside the callback of connecting, so that whoever waits goes out in the order of the calls. */
function whenConnected<R>(raw: RawBucket, schedule: () => AsyncResult<R>, options: WaitOptions = {}): Promise<R> {
  return new Promise<R>((resolve, reject) => {
    const connected = raw.connect(waitOptions(options));
    const whenReady = (): void => {
      try {
        bind(schedule(), resolve, reject);
      } catch (error) {
        reject(error);
      }
    };
    connected.setCallbacks(whenReady, (_result, _errorClass, error) => reject(error));
  });
}

/** Options that the operation itself will refuse do not end a wait. */
function waitOptions({ timeout, signal }: WaitOptions): { timeout?: number; signal?: AbortSignal } {
  return {
    ...(typeof timeout === 'number' && timeout > 0 ? { timeout } : {}),
    ...(signal instanceof AbortSignal ? { signal } : {}),
  };
}

/** Hot function; why `setCallbacks`, is said there. */
function bind<R>(result: AsyncResult<R>, resolve: (value: R) => void, reject: (error: unknown) => void): void {
  result.setCallbacks(resolve, (_result, _errorClass, error) => reject(error));
}

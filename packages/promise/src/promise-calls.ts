import type { AsyncResult, RawBucket } from '@cb/raw';

/** Options of an operation that also end the wait for the connection. */
interface WaitOptions {
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Returns the Promise of an asynchronous result that is scheduled now, or as soon as the bucket is connected. */
export function promised<R>(raw: RawBucket, schedule: () => AsyncResult<R>, options?: WaitOptions): Promise<R> {
  const { state } = raw;
  if (state === 'idle' || state === 'connecting' || state === 'failed') return whenConnected(raw, schedule, options);
  return settled(schedule);
}

/** The bridge from callbacks: errors that `schedule` throws are rejections, too. */
export function settled<R>(schedule: () => AsyncResult<R>): Promise<R> {
  return new Promise<R>((resolve, reject) => {
    bind(schedule(), resolve, reject);
  });
}

/** Schedules inside the callback of connecting, so that waiting operations are sent in the order of the calls. */
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

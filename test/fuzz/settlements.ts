import { CouchbaseError } from '@cb/protocol';
import type { AsyncResult } from '@cb/raw';

/** Watches over calls: that each settles once, and fails as an error of this SDK. */
export class Settlements {
  readonly faults: string[] = [];
  #begun = 0;
  #settled = 0;

  /** Calls that were begun, and of those the ones that have not settled. */
  get begun(): number {
    return this.#begun;
  }

  get open(): number {
    return this.#begun - this.#settled;
  }

  /** Something begins; what is given back is to be called when it settles. */
  begin(): () => void {
    this.#begun++;
    let times = 0;
    return () => {
      if (++times === 1) this.#settled++;
      else this.faults.push(`a call settled ${times} times`);
    };
  }

  watch(result: AsyncResult<unknown>): void {
    const settled = this.begin();
    let isInside = true;
    const settle = (): void => {
      if (isInside) this.faults.push('a call settled from inside itself');
      settled();
    };
    result.setCallbacks(settle, (_result, errorClass, error) => {
      settle();
      this.#look(error, errorClass);
    });
    isInside = false;
  }

  watchPromise(promise: Promise<unknown>): void {
    const settled = this.begin();
    promise.then(settled, (error) => {
      settled();
      this.#look(error);
    });
  }

  #look(error: unknown, errorClass?: unknown): void {
    const fault = faultOf(error, errorClass);
    if (fault !== undefined) this.faults.push(fault);
  }
}

/** What is wrong with an error; undefined when nothing is. */
export function faultOf(error: unknown, errorClass?: unknown): string | undefined {
  if (!(error instanceof CouchbaseError)) {
    return `an error that is not one of ours: ${error instanceof Error ? error.stack : String(error)}`;
  }
  const { message, code, ambiguous, retryable, attempts, retryReasons } = error;
  const isComplete =
    message !== '' &&
    code !== 'couchbase_error' &&
    typeof ambiguous === 'boolean' &&
    typeof retryable === 'boolean' &&
    Number.isInteger(attempts) &&
    Array.isArray(retryReasons) &&
    (errorClass === undefined || errorClass === error.constructor);
  if (!isComplete) return `an error without all its fields: ${error.stack}`;
  try {
    JSON.stringify(error);
  } catch (thrown) {
    return `an error that has no JSON: ${error.stack}: ${String(thrown)}`;
  }
  return undefined;
}

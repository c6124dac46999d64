import type { CouchbaseError } from '@cb/protocol';
import type { AsyncResult } from '@cb/raw';

/** One call that an asynchronous result made, with all its arguments. */
export interface TerminalCall {
  readonly slot: 'callback' | 'errback';
  readonly args: readonly unknown[];
}

/** Listens to both slots of an asynchronous result and keeps every call, so that a second one is seen. */
export class TerminalCalls<R> {
  readonly result: AsyncResult<R>;
  readonly all: TerminalCall[] = [];
  /** Settles with the first call. */
  readonly first: Promise<TerminalCall>;

  constructor(result: AsyncResult<R>) {
    this.result = result;
    this.first = new Promise((resolve) => {
      const keep = (slot: TerminalCall['slot'], args: readonly unknown[]): void => {
        this.all.push({ slot, args });
        resolve(this.all[0]!);
      };
      result.setCallbacks(
        (...args) => keep('callback', args),
        (...args) => keep('errback', args),
      );
    });
  }

  /** The result that `callback` got; throws what `errback` got. */
  async value(): Promise<R> {
    const { slot, args } = await this.first;
    if (slot === 'errback') throw args[2];
    return args[0] as R;
  }

  /** The error that `errback` got. */
  async error(): Promise<CouchbaseError> {
    const { slot, args } = await this.first;
    if (slot === 'callback') throw new Error('the operation succeeded');
    return args[2] as CouchbaseError;
  }
}

/** Waits until everything that is due by now has run: microtasks, ticks, and what the sockets have to say. */
export async function allIsQuiet(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 5));
}

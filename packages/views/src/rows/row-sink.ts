import type { CouchbaseError } from '@cb/raw';
import { throwLater } from '@cb/raw/internal';

/** The receiver of the rows and of the end of a request. */
export interface RowSink<Row> {
  /** Receives rows, at least one. */
  rows(rows: Row[]): void;
  /** Receives the error; called at most once, before `done`. */
  error(error: CouchbaseError): void;
  /** Called once, at the very end. */
  done(): void;
}

/** The callbacks of a class whose instances receive rows. */
export interface RowCallbacks<Row> {
  /** Receives the next rows, at least one; called any number of times. */
  onRows(rows: Iterable<Row>): void;
  /** Receives the error of the request; called at most once, before `onDone`. */
  onError(error: CouchbaseError): void;
  /** Called once, at the very end. */
  onDone(): void;
}

/** Returns the name of a missing callback; undefined when all are there. */
export function missingCallback(callbacks: object): string | undefined {
  const names = ['onRows', 'onError', 'onDone'];
  return names.find((name) => typeof (callbacks as Record<string, unknown>)[name] !== 'function');
}

/**
 * Returns a sink that calls callbacks, in the asynchronous context (`AsyncLocalStorage`) of the call that started the
 * request. An error that they throw surfaces as an uncaught exception, and disturbs nothing here.
 */
export function callbackSink<Row>(callbacks: RowCallbacks<Row>): RowSink<Row> {
  const inContext = process.getBuiltinModule('node:async_hooks').AsyncLocalStorage.snapshot();
  const call = (action: () => void): void => {
    try {
      inContext(action);
    } catch (thrown) {
      throwLater(thrown);
    }
  };
  return {
    rows: (rows) => call(() => callbacks.onRows(rows)),
    error: (error) => call(() => callbacks.onError(error)),
    done: () => call(() => callbacks.onDone()),
  };
}

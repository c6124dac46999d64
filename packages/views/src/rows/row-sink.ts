import { type CouchbaseError, throwLater } from '@cb/raw';

/** Where the rows of a request end up. */
export interface RowSink<Row> {
  /** More rows, at least one. */
  rows(rows: Row[]): void;
  /** At most once, and then `done` follows. */
  error(error: CouchbaseError): void;
  /** Once, last. */
  done(): void;
}

/** The methods of a class whose instances are told of rows. */
export interface RowCallbacks<Row> {
  onRows(rows: Iterable<Row>): void;
  onError(error: CouchbaseError): void;
  onDone(): void;
}

/** Returns the name of a method that rows are delivered to and that is not there; undefined when all are. */
export function missingCallback(callbacks: object): string | undefined {
  const names = ['onRows', 'onError', 'onDone'];
  return names.find((name) => typeof (callbacks as Record<string, unknown>)[name] !== 'function');
}

/**
 * Passes everything on to callbacks, in the asynchronous context (`AsyncLocalStorage`) of the call that began it. What
 * they throw surfaces as an uncaught exception, and disturbs nothing here.
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

import type { ScanHandler, ScanItem, ScanOptions } from '@cb/raw';

/** A batch that waits for its reader. */
interface Batch<T> {
  readonly items: readonly ScanItem<T>[];
  /** Asks for more of the vbucket that it came from. */
  readonly release: () => void;
}

/**
 * The items of a scan, as they are requested.
 * @param begin starts the scan; the Promise settles when it has ended
 */
export async function* scanned<T>(
  options: ScanOptions | undefined,
  begin: (options: ScanOptions, onItems: ScanHandler<T>) => Promise<number>,
): AsyncGenerator<ScanItem<T>, void, undefined> {
  const batches: Batch<T>[] = [];
  const left = new AbortController();
  let arrived = (): void => {};
  const scan = begin(withSignal(options, left.signal), (items) => {
    return new Promise<void>((release) => {
      batches.push({ items, release });
      arrived();
    });
  });
  let isOver = false;
  const ended = scan.finally(() => {
    isOver = true;
    arrived();
  });
  // A loop that is left early does not get the outcome of the scan.
  ended.catch(() => {});
  try {
    for (;;) {
      const batch = batches.shift();
      if (batch !== undefined) {
        yield* batch.items;
        batch.release();
      } else if (isOver) {
        await ended;
        return;
      } else {
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      }
    }
  } finally {
    left.abort();
  }
}

/** Returns the options with one more signal. Invalid options stay as they are: they are refused later. */
function withSignal(options: ScanOptions | undefined, left: AbortSignal): ScanOptions {
  if (options === undefined) return { signal: left };
  if (typeof options !== 'object' || options === null) return options;
  const { signal = left } = options;
  return { ...options, signal: signal instanceof AbortSignal ? AbortSignal.any([signal, left]) : signal };
}

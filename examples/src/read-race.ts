import type { connect } from '@cb/promise';
import type { RawBucket } from '@cb/raw';

const ROUNDS = 3;

/** The best of several rounds, in reads per second. */
export interface ReadRates {
  readonly promised: number;
  readonly called: number;
}

/** Reads the same keys with Promises and with callbacks, in turn, `inFlight` at a time. */
export async function compareReads(
  bucket: Awaited<ReturnType<typeof connect>>,
  raw: RawBucket,
  keys: readonly string[],
  inFlight: number,
): Promise<ReadRates> {
  let promised = 0;
  let called = 0;
  for (let round = 0; round < ROUNDS; round++) {
    promised = Math.max(
      promised,
      await rate(keys, inFlight, (batch) => Promise.all(batch.map((key) => bucket.get(key)))),
    );
    called = Math.max(called, await rate(keys, inFlight, (batch) => readWithCallbacks(raw, batch)));
  }
  return { promised, called };
}

async function rate(
  keys: readonly string[],
  inFlight: number,
  read: (batch: readonly string[]) => Promise<unknown>,
): Promise<number> {
  const startedAt = performance.now();
  for (let at = 0; at < keys.length; at += inFlight) await read(keys.slice(at, at + inFlight));
  return (keys.length / (performance.now() - startedAt)) * 1000;
}

/** One Promise for the whole batch; for each read, only the result and its callback. */
function readWithCallbacks(raw: RawBucket, batch: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let waiting = batch.length;
    const callback = (): void => {
      if (--waiting === 0) resolve();
    };
    const errback = (_result: unknown, _class: unknown, error: Error): void => reject(error);
    for (const key of batch) raw.get(key).setCallbacks(callback, errback);
  });
}

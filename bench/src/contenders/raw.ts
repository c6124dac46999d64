import { type MultiResult, RawBucket, type Result, type ValueResult } from '@cb/raw';
import type { Contender, ServerAddress } from '../contender.js';
import { type Beer, beerAt, keyAt, keysAt, serialIn } from '../documents.js';
import { CallbackLap, multiLap } from '../lap.js';
import type { Latencies } from '../latencies.js';
import type { Load } from '../load.js';

const NOT_PARSED = { noFormat: true };

/** @cb/raw: operations with callbacks. */
export async function open(server: ServerAddress): Promise<Contender> {
  const bucket = await openBucket(server);
  return {
    run: (load, latencies) => run(bucket, load, latencies),
    async close() {
      bucket.destroy();
    },
  };
}

/** The bucket behind it, connected. */
export async function openBucket({ connectionString, kind, bucket: name, ...more }: ServerAddress): Promise<RawBucket> {
  const { username, password } = more;
  const bucket = new RawBucket(connectionString, kind === 'embedded' ? { bucket: name, username, password } : {});
  await new Promise<void>((resolve, reject) => {
    bucket.connect().setCallbacks(
      () => resolve(),
      (_result, _class, error) => reject(error),
    );
  });
  return bucket;
}

function run(bucket: RawBucket, load: Load, latencies: Latencies): Promise<void> {
  if (load.operation === 'getMulti') {
    return multiLap(load, latencies, (first, count) => getAll(bucket, keysAt(first, count)));
  }
  const onError = (_result: unknown, _class: unknown, error: Error): void => lap.failed(error);
  const onValue = (result: ValueResult<Beer>): void => lap.done(result.value.serial);
  const onBytes = (result: ValueResult<Buffer>): void => lap.done(serialIn(result.value));
  const onStored = (result: Result): void => lap.done(result.success ? 1 : 0);
  const get = (index: number): void => {
    bucket.get<Beer>(keyAt(index)).setCallbacks(onValue, onError);
  };
  const getBytes = (index: number): void => {
    bucket.get<Buffer>(keyAt(index), NOT_PARSED).setCallbacks(onBytes, onError);
  };
  const upsert = (index: number): void => {
    bucket.upsert(keyAt(index), beerAt(index)).setCallbacks(onStored, onError);
  };
  const lap = new CallbackLap(load, latencies, { get, getBytes, upsert }[load.operation]);
  return lap.run();
}

/** What the serials of the documents add up to. */
function getAll(bucket: RawBucket, keys: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const onResults = (results: MultiResult<ValueResult<Beer>>): void => {
      let sum = 0;
      for (const { value } of results.values()) sum += value.serial;
      resolve(sum);
    };
    bucket.getMulti<Beer>(keys).setCallbacks(onResults, (_results, _class, error) => reject(error));
  });
}

import type { Contender } from './contender.js';
import { type Beer, beerAt, keyAt, keysAt, serialIn } from './documents.js';
import { multiLap, promiseLap } from './lap.js';

/** What a client with Promises does, and how its results are looked at. */
export interface PromiseClient<Read, Bytes, Stored> {
  get(key: string): Promise<Read>;
  /** Absent where the client has no way to leave a value alone. */
  getBytes?(key: string): Promise<Bytes>;
  /** The results of many keys in any order. Absent where the client has no call for that: it gets them one by one. */
  getMulti?(keys: readonly string[]): Promise<Iterable<Read>>;
  /** The document's serial, from the parsed value. */
  serialOf(result: Read): number;
  bytesOf?(result: Bytes): Uint8Array;
  upsert(key: string, beer: Beer): Promise<Stored>;
  isStored(result: Stored): boolean;
  close(): Promise<void> | void;
}

export function promiseContender<Read, Bytes, Stored>(client: PromiseClient<Read, Bytes, Stored>): Contender {
  const get = (index: number): Promise<Read> => client.get(keyAt(index));
  const getBytes = (index: number): Promise<Bytes> => client.getBytes!(keyAt(index));
  const upsert = (index: number): Promise<Stored> => client.upsert(keyAt(index), beerAt(index));
  const serialOf = (result: Read): number => client.serialOf(result);
  const getAll = (keys: readonly string[]): Promise<Iterable<Read>> =>
    client.getMulti?.(keys) ?? Promise.all(keys.map((key) => client.get(key)));
  const getMulti = async (first: number, count: number): Promise<number> => {
    let sum = 0;
    for (const result of await getAll(keysAt(first, count))) sum += client.serialOf(result);
    return sum;
  };
  const serialInBytes = (result: Bytes): number => serialIn(client.bytesOf!(result));
  const countStored = (result: Stored): number => (client.isStored(result) ? 1 : 0);
  return {
    run(load, latencies) {
      switch (load.operation) {
        case 'get':
          return promiseLap(load, latencies, get, serialOf);
        case 'getBytes':
          return promiseLap(load, latencies, getBytes, serialInBytes);
        case 'getMulti':
          return multiLap(load, latencies, getMulti);
        case 'upsert':
          return promiseLap(load, latencies, upsert, countStored);
      }
    },
    async close() {
      await client.close();
    },
  };
}

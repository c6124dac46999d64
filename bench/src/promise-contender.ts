import type { Contender } from './contender.js';
import { type Beer, beerAt, keyAt, serialIn } from './documents.js';
import { promiseLap } from './lap.js';

/** What a client with Promises does, and how its results are looked at. */
export interface PromiseClient<Read, Bytes, Stored> {
  get(key: string): Promise<Read>;
  /** Absent where the client has no way to leave a value alone. */
  getBytes?(key: string): Promise<Bytes>;
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
  const serialInBytes = (result: Bytes): number => serialIn(client.bytesOf!(result));
  const countStored = (result: Stored): number => (client.isStored(result) ? 1 : 0);
  return {
    run(load, latencies) {
      switch (load.operation) {
        case 'get':
          return promiseLap(load, latencies, get, serialOf);
        case 'getBytes':
          return promiseLap(load, latencies, getBytes, serialInBytes);
        case 'upsert':
          return promiseLap(load, latencies, upsert, countStored);
      }
    },
    async close() {
      await client.close();
    },
  };
}

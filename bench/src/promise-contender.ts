import type { Contender } from './contender.js';
import type { Beer } from './documents.js';
import { beerAt, keyAt } from './documents.js';
import { promiseLap } from './lap.js';

/** What a client with Promises does, and how its results are looked at. */
export interface PromiseClient<Read, Stored> {
  get(key: string): Promise<Read>;
  /** The document's serial, from the parsed value. */
  serialOf(result: Read): number;
  upsert(key: string, beer: Beer): Promise<Stored>;
  isStored(result: Stored): boolean;
  close(): Promise<void> | void;
}

export function promiseContender<Read, Stored>(client: PromiseClient<Read, Stored>): Contender {
  const get = (index: number): Promise<Read> => client.get(keyAt(index));
  const upsert = (index: number): Promise<Stored> => client.upsert(keyAt(index), beerAt(index));
  const serialOf = (result: Read): number => client.serialOf(result);
  const countStored = (result: Stored): number => (client.isStored(result) ? 1 : 0);
  return {
    run: (load, latencies) =>
      load.operation === 'get'
        ? promiseLap(load, latencies, get, serialOf)
        : promiseLap(load, latencies, upsert, countStored),
    async close() {
      await client.close();
    },
  };
}

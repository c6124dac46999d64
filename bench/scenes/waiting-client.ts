import type { Bucket } from '@cb/promise';
import type { RawBucket } from '@cb/raw';
import type { ServerAddress } from '../src/contender.js';
import { openBucket as openPromise } from '../src/contenders/promise.js';
import { openBucket as openRaw } from '../src/contenders/raw.js';
import { loadRival } from '../src/rival.js';

export type Durability = 'none' | 'majority' | 'persistToMajority';
export type WaitingSide = 'raw' | 'promise' | 'official-sdk';

/** What an operation calls when it has ended, well or not. */
export type Ended = (error: Error | undefined) => void;

/** A client whose operations may wait. */
export interface WaitingClient {
  get(key: string, ended: Ended): void;
  upsert(key: string, value: object, durability: Durability, ended: Ended): void;
  close(): Promise<void> | void;
}

export function openWaitingClient(side: WaitingSide, server: ServerAddress): Promise<WaitingClient> {
  switch (side) {
    case 'raw':
      return openRaw(server).then(rawClient);
    case 'promise':
      return openPromise(server).then(promiseClient);
    case 'official-sdk':
      return openOfficial(server);
  }
}

function rawClient(bucket: RawBucket): WaitingClient {
  return {
    get(key, ended) {
      bucket.get(key).setCallbacks(
        () => ended(undefined),
        (_result, _class, error) => ended(error),
      );
    },
    upsert(key, value, durability, ended) {
      const options = durability === 'none' ? {} : { durability };
      bucket.upsert(key, value, options).setCallbacks(
        () => ended(undefined),
        (_result, _class, error) => ended(error),
      );
    },
    close: () => bucket.destroy(),
  };
}

function promiseClient(bucket: Bucket): WaitingClient {
  return {
    get: (key, ended) => void settle(bucket.get(key), ended),
    upsert(key, value, durability, ended) {
      void settle(bucket.upsert(key, value, durability === 'none' ? {} : { durability }), ended);
    },
    close: () => bucket.close(),
  };
}

interface Couchbase {
  connect(connectionString: string, options: { username: string; password: string }): Promise<Cluster>;
  readonly DurabilityLevel: { readonly Majority: number; readonly PersistToMajority: number };
}

interface Cluster {
  bucket(name: string): { defaultCollection(): Collection };
  close(): Promise<void>;
}

interface Collection {
  get(key: string): Promise<unknown>;
  upsert(key: string, value: unknown, options: { durabilityLevel?: number }): Promise<unknown>;
}

/** Couchbase's own SDK, with its default options. */
async function openOfficial(server: ServerAddress): Promise<WaitingClient> {
  const { connect, DurabilityLevel } = await loadRival<Couchbase>('couchbase');
  const { connectionString, username, password, bucket } = server;
  const cluster = await connect(connectionString, { username, password });
  const collection = cluster.bucket(bucket).defaultCollection();
  const levels = { majority: DurabilityLevel.Majority, persistToMajority: DurabilityLevel.PersistToMajority };
  return {
    get: (key, ended) => void settle(collection.get(key), ended),
    upsert(key, value, durability, ended) {
      const options = durability === 'none' ? {} : { durabilityLevel: levels[durability] };
      void settle(collection.upsert(key, value, options), ended);
    },
    close: () => cluster.close(),
  };
}

function settle(promise: Promise<unknown>, ended: Ended): Promise<void> {
  return promise.then(() => ended(undefined), ended);
}

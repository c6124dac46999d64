import type { Collection } from '@cb/promise';
import type { RawCollection, Result, ValueResult } from '@cb/raw';
import type { ServerAddress } from '../src/contender.js';
import { openBucket as openPromise } from '../src/contenders/promise.js';
import { openBucket as openRaw } from '../src/contenders/raw.js';
import { CallbackLap, promiseLap } from '../src/lap.js';
import { Latencies } from '../src/latencies.js';
import type { Load } from '../src/load.js';
import { collectionsOf, type Documents, documentAt, keysOf, nIn, type ShapeDocument } from './shape-documents.js';

export type ShapeSide = 'raw' | 'promise';

/** Carries out a load on the documents that it was made for; rejects when any result is missing or wrong. */
export type RunLoad = (load: Load) => Promise<void>;

const NOT_PARSED = { noFormat: true };

export function openShapeClient(side: ShapeSide, server: ServerAddress, documents: Documents): Promise<RunLoad> {
  return (side === 'raw' ? openRawClient : openPromiseClient)(server, documents);
}

/** @cb/raw: operations with callbacks. */
async function openRawClient(server: ServerAddress, documents: Documents): Promise<RunLoad> {
  const bucket = await openRaw(server);
  const places = placesOf<RawCollection>(bucket, documents);
  return (load) => {
    const values = load.operation === 'upsert' ? valuesOf(documents) : [];
    const onError = (_result: unknown, _class: unknown, error: Error): void => lap.failed(error);
    const onValue = (result: ValueResult<ShapeDocument>): void => lap.done(result.value.n);
    const onBytes = (result: ValueResult<Buffer>): void => lap.done(nIn(result.value));
    const onStored = (result: Result): void => lap.done(result.success ? 1 : 0);
    const begin = {
      get(index: number): void {
        const { collection, key } = places[index % places.length]!;
        collection.get<ShapeDocument>(key).setCallbacks(onValue, onError);
      },
      getBytes(index: number): void {
        const { collection, key } = places[index % places.length]!;
        collection.get<Buffer>(key, NOT_PARSED).setCallbacks(onBytes, onError);
      },
      upsert(index: number): void {
        const { collection, key } = places[index % places.length]!;
        collection.upsert(key, values[index % places.length]).setCallbacks(onStored, onError);
      },
    };
    const lap = new CallbackLap(load, noLatencies(load), begin[load.operation as keyof typeof begin]);
    return lap.run();
  };
}

/** @cb/promise: operations to be awaited. */
async function openPromiseClient(server: ServerAddress, documents: Documents): Promise<RunLoad> {
  const bucket = await openPromise(server);
  const places = placesOf<Collection>(bucket, documents);
  const placeOf = (index: number): Place<Collection> => places[index % places.length]!;
  const get = (index: number): Promise<ValueResult<ShapeDocument>> => {
    const { collection, key } = placeOf(index);
    return collection.get<ShapeDocument>(key);
  };
  const getBytes = (index: number): Promise<ValueResult<Buffer>> => {
    const { collection, key } = placeOf(index);
    return collection.get<Buffer>(key, NOT_PARSED);
  };
  const upserts = (): ((index: number) => Promise<Result>) => {
    const values = valuesOf(documents);
    return (index) => {
      const { collection, key } = placeOf(index);
      return collection.upsert(key, values[index % places.length]);
    };
  };
  return (load) => {
    const none = noLatencies(load);
    switch (load.operation) {
      case 'upsert':
        return promiseLap(load, none, upserts(), ({ success }) => (success ? 1 : 0));
      case 'getBytes':
        return promiseLap(load, none, getBytes, ({ value }) => nIn(value));
      default:
        return promiseLap(load, none, get, ({ value }) => value.n);
    }
  };
}

/** Where a document is. */
interface Place<C> {
  readonly collection: C;
  readonly key: string;
}

function placesOf<C>(bucket: C & { collection(name: string): C }, documents: Documents): readonly Place<C>[] {
  const collections = collectionsOf(documents).map((name) => bucket.collection(name));
  return keysOf(documents).map((key, index) => ({
    collection: collections[index % Math.max(collections.length, 1)] ?? bucket,
    key,
  }));
}

function valuesOf(documents: Documents): readonly ShapeDocument[] {
  return Array.from({ length: documents.count }, (_none, index) => documentAt(documents, index));
}

function noLatencies({ operations }: Load): Latencies {
  return new Latencies(operations, false);
}

import { EmbeddedCluster } from '@cb/embedded';
import { ArgumentError, AuthError, NotFoundError } from '@cb/promise';
import { type AsyncResult, type OperationResult, prefixScan } from '@cb/raw';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { ObservableBucket } from '../../examples/src/observable-bucket.js';

let cluster: EmbeddedCluster;
let bucket: ObservableBucket;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 2 });
  const { connectionString, username, password } = cluster;
  bucket = new ObservableBucket(`${connectionString}/default`, { username, password });
});

afterAll(async () => {
  await lastValueFrom(bucket.close());
  await cluster.stop();
});

test('nothing happens before somebody subscribes, and each subscription is a call', async () => {
  const counted = bucket.call((raw) => raw.counter('count', { initial: 1 }));
  expect(bucket.raw.state).toBe('idle');
  expect((await lastValueFrom(counted)).value).toBe(1);
  expect((await lastValueFrom(counted)).value).toBe(2);
});

test('an error ends it, that of misuse too', async () => {
  await expect(lastValueFrom(bucket.call((raw) => raw.get('none')))).rejects.toThrow(NotFoundError);
  await expect(lastValueFrom(bucket.call((raw) => raw.get('')))).rejects.toThrow(ArgumentError);
});

test('that there is no connection is an error of the call', async () => {
  const locked = new ObservableBucket(`${cluster.connectionString}/default`, { username: 'nobody', password: '' });
  await expect(lastValueFrom(locked.call((raw) => raw.get('a')))).rejects.toThrow(AuthError);
});

test('unsubscribing cancels the call, and nobody hears of it any more', async () => {
  await lastValueFrom(bucket.call((raw) => raw.upsert('lock', 1)));
  await lastValueFrom(bucket.call((raw) => raw.lock('lock', { ttl: 15 })));
  const heard: unknown[] = [];
  const hear = (told: unknown): void => void heard.push(told);
  let write: AsyncResult<OperationResult> | undefined;
  // The server refuses it for now, and it would be tried again.
  const writing = bucket.call((raw) => {
    write = raw.upsert('lock', 2);
    return write;
  });
  const subscription = writing.subscribe({ next: hear, error: hear, complete: () => hear('end') });
  await lastValueFrom(bucket.call((raw) => raw.noop()));
  subscription.unsubscribe();
  await lastValueFrom(bucket.call((raw) => raw.noop()));
  expect(heard).toEqual([]);
  // There is nothing left to be cancelled.
  expect(write!.cancel()).toBe(false);
});

test('a scan is a stream that can be left early', async () => {
  const keys = Array.from({ length: 200 }, (_none, n) => `scan:${n}`);
  await lastValueFrom(bucket.call((raw) => raw.upsertMulti(new Map(keys.map((key) => [key, key])))));
  const all = await firstValueFrom(bucket.scan(prefixScan('scan:')).pipe(toArray()));
  expect(all.map(({ key }) => key).sort()).toEqual([...keys].sort());
  const some = await firstValueFrom(bucket.scan(prefixScan('scan:')).pipe(take(3), toArray()));
  expect(some).toHaveLength(3);
});

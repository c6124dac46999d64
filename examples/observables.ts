import { EmbeddedCluster } from '@cb/embedded';
import { KeyExistsError } from '@cb/promise';
import { prefixScan } from '@cb/raw';
import { concatMap, count, defer, EMPTY, from, lastValueFrom, map, mergeMap, retry, throwError } from 'rxjs';
import { ObservableBucket } from './src/observable-bucket.js';

// The callback core in another asynchronous style: RxJS. The binding is src/observable-bucket.ts.

interface Account {
  readonly balance: number;
}

/** How many calls are under way at a time. */
const CONCURRENCY = 32;

await using cluster = await EmbeddedCluster.start();
const { connectionString, username, password } = cluster;
const bucket = new ObservableBucket(`${connectionString}/default`, { username, password });

// A stream of keys becomes a stream of documents, with so many calls under way at a time.
const accounts = from(Array.from({ length: 1000 }, (_none, n) => `account:${n}`));
const opened = accounts.pipe(
  mergeMap((key) => bucket.call((raw) => raw.insert(key, { balance: 10 })), CONCURRENCY),
  count(),
);
console.log(`opened ${await lastValueFrom(opened)} accounts`);

// Reading and writing back what was read, again when somebody else was faster.
const deposit = (key: string, amount: number) =>
  defer(() => bucket.call((raw) => raw.get<Account>(key))).pipe(
    concatMap(({ value, cas }) => bucket.call((raw) => raw.replace(key, { balance: value.balance + amount }, { cas }))),
    retry({ delay: (error) => (error instanceof KeyExistsError ? from([0]) : throwError(() => error)) }),
  );
await lastValueFrom(from([1, 2, 3, 4]).pipe(mergeMap((amount) => deposit('account:7', amount))));
const balance = bucket.call((raw) => raw.get<Account>('account:7')).pipe(map(({ value }) => value.balance));
console.log(`account:7 has ${await lastValueFrom(balance)}`);

const rich = bucket
  .scan<Account>(prefixScan('account:'))
  .pipe(mergeMap(({ key, value }) => (value.balance > 10 ? [key] : EMPTY)));
console.log(`the richest is ${await lastValueFrom(rich)}`);

await lastValueFrom(bucket.close());

import {
  type AsyncResult,
  FMT_BYTES,
  LookupInSpec,
  MutateInSpec,
  prefixScan,
  type RawBucket,
  type RawCollection,
  rangeScan,
  samplingScan,
} from '@cb/raw';
import type { SeededRandom } from '@cb/raw/simulation';

/** What a call is made with. */
interface Asked {
  readonly bucket: RawBucket;
  /** Mostly the bucket itself. */
  readonly in: RawCollection;
  readonly key: string;
  readonly random: SeededRandom;
  readonly timeout: number;
}

type Call = (asked: Asked) => AsyncResult<unknown>;

const KEYS = Array.from({ length: 12 }, (_none, index) => `key-${index}`);
const TIMEOUTS_MS = [40, 120, 400] as const;
const DOCUMENT = { n: 1, text: 'x'.repeat(200), list: [1, 2, 3], inner: { a: { b: 'c' } } };

const READS: readonly Call[] = [
  ({ in: at, key, timeout }) => at.get(key, { timeout }),
  ({ in: at, key, timeout }) => at.get(key, { timeout, ttl: 60 }),
  ({ in: at, key, timeout }) => at.get(key, { timeout, noFormat: true, quiet: true }),
  ({ in: at, key, timeout }) => at.exists(key, { timeout }),
  ({ in: at, key, timeout }) => at.lookupIn(key, [LookupInSpec.get('n'), LookupInSpec.exists('inner.a')], { timeout }),
  ({ in: at, key, timeout }) => at.lookupIn(key, [LookupInSpec.getCount('list')], { timeout }),
  ({ in: at, key, timeout }) => at.getReplica(key, { timeout }),
  ({ in: at, key, timeout }) => at.getAllReplicas(key, { timeout }),
  ({ in: at, key, timeout }) => at.lookupInAnyReplica(key, [LookupInSpec.get('n')], { timeout }),
  ({ in: at, key, timeout }) => at.lookupInAllReplicas(key, [LookupInSpec.get('n')], { timeout }),
  ({ bucket, key, timeout }) => bucket.observe(key, { timeout }),
  ({ in: at, timeout }) => at.getMulti(KEYS.slice(0, 4), { timeout }),
  ({ in: at, timeout }) => at.randomGet({ timeout }),
  ({ in: at, key, timeout }) => at.mapGet(key, 'n', { timeout }),
  ({ in: at, key, timeout }) => at.setContains(key, 'a', { timeout }),
  ({ in: at, timeout }) => at.scan(prefixScan('key'), { timeout }, () => {}),
  ({ in: at, timeout }) => at.scan(rangeScan('a', 'z'), { timeout, idsOnly: true }, () => {}),
  ({ in: at, timeout }) => at.scan(samplingScan(5), { timeout }, () => {}),
];

const WRITES: readonly Call[] = [
  ({ in: at, key, timeout }) => at.upsert(key, DOCUMENT, { timeout }),
  ({ in: at, key, timeout, random }) => at.upsert(key, random.bytes(50), { timeout, format: FMT_BYTES }),
  ({ in: at, key, timeout }) => at.upsert(key, DOCUMENT, { timeout, durability: 'majority' }),
  ({ bucket, key, timeout }) => bucket.upsert(key, DOCUMENT, { timeout, persistTo: 1, replicateTo: 1 }),
  ({ in: at, key, timeout }) => at.insert(key, DOCUMENT, { timeout }),
  ({ in: at, key, timeout }) => at.replace(key, DOCUMENT, { timeout, cas: 5n }),
  ({ in: at, key, timeout }) => at.remove(key, { timeout }),
  ({ in: at, key, timeout }) => at.touch(key, { timeout, ttl: 100 }),
  ({ in: at, key, timeout }) => at.append(key, ' ', { timeout }),
  ({ in: at, key, timeout }) => at.counter(`count-${key}`, { timeout, delta: 2, initial: 1 }),
  ({ in: at, key, timeout }) => at.lock(key, { timeout, ttl: 1 }),
  ({ in: at, key, timeout }) => at.unlock(key, { timeout, cas: 7n }),
  ({ in: at, key, timeout }) => at.mutateIn(key, [MutateInSpec.upsert('n', 2)], { timeout }),
  ({ in: at, key, timeout }) =>
    at.mutateIn(key, [MutateInSpec.counter('n', 1), MutateInSpec.arrayAppend('list', [4])], { timeout }),
  ({ in: at, timeout }) =>
    at.upsertMulti(Object.fromEntries(KEYS.slice(0, 4).map((key) => [key, DOCUMENT])), { timeout }),
  ({ in: at, timeout }) => at.removeMulti(KEYS.slice(0, 3), { timeout }),
  ({ in: at, key, timeout }) => at.listAppend(`list-${key}`, 1, { timeout, create: true }),
  ({ in: at, key, timeout }) => at.queuePop(`list-${key}`, { timeout }),
  ({ bucket, key, timeout }) => bucket.endure(key, { timeout, persistTo: 1 }),
];

const OTHERS: readonly Call[] = [
  ({ bucket, timeout }) => bucket.noop({ timeout }),
  ({ bucket, timeout }) => bucket.stats(undefined, { timeout }),
  ({ bucket, timeout }) => bucket.ping({ timeout }),
  ({ in: at, key }) =>
    at.pipeline((pipeline) => {
      pipeline.upsert(key, DOCUMENT);
      pipeline.get(key);
    }),
];

/** Begins one call of those that the bucket has, on one of few documents, with a short deadline. */
export function randomCall(bucket: RawBucket, random: SeededRandom): AsyncResult<unknown> {
  const dice = random.between(1, 100);
  const calls = dice <= 50 ? READS : dice <= 92 ? WRITES : OTHERS;
  return random.pick(calls)({
    bucket,
    in: random.chance(0.9) ? bucket : bucket.scope('extra').collection('things'),
    key: random.pick(KEYS),
    timeout: random.pick(TIMEOUTS_MS),
    random,
  });
}

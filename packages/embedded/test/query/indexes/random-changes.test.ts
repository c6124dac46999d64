import { Random } from '../../../src/base/random.js';
import { ManualClock } from '../../../src/index.js';
import { IndexedBucket } from './indexed-bucket.js';

const KEYS = Array.from({ length: 24 }, (_, at) => `k${at}`);
const STEPS = 400;

/** What may happen to a bucket between two scans of its index. */
type Step = (bucket: IndexedBucket, random: Random, clock: ManualClock) => void | Promise<void>;

const pick = (random: Random): string => KEYS[random.below(KEYS.length)]!;

const STEPS_WITH_WEIGHT: readonly (readonly [number, Step])[] = [
  [40, (bucket, random) => bucket.put(pick(random))],
  [20, (bucket, random) => bucket.remove(pick(random))],
  [10, (bucket, random) => bucket.bucket.put(pick(random), {}, { ttl: 1 + random.below(5) })],
  [10, (_bucket, random, clock) => clock.advance(random.below(3000))],
  [3, (bucket) => bucket.cluster.rebalance()],
  [3, (bucket, random) => bucket.bucket.setReplicationLag(random.below(2) === 0 ? 0 : Number.POSITIVE_INFINITY)],
  [2, failOver],
  [1, (bucket) => bucket.bucket.flush()],
];

/** A node fails, with what has not been replicated, and comes back. */
async function failOver(bucket: IndexedBucket, random: Random): Promise<void> {
  const node = random.below(2);
  await bucket.cluster.kill(node);
  bucket.cluster.failOver(node);
  await bucket.cluster.restart(node);
  await bucket.cluster.rebalance();
}

test.each([1, 2, 3, 4, 5])('an index has what the bucket has, after whatever happened (%i)', async (seed) => {
  const random = new Random(seed);
  const clock = new ManualClock();
  await using bucket = await IndexedBucket.start({ nodes: 3, vbuckets: 8, replicas: 1, seed, clock });
  for (let step = 0; step < STEPS; step++) {
    await next(random)(bucket, random, clock);
    const isScanned = random.below(4) === 0;
    if (!isScanned) continue;
    const indexed = bucket.keys();
    expect(indexed).toEqual(bucket.stored());
  }
  expect(bucket.keys()).toEqual(bucket.stored());
});

function next(random: Random): Step {
  const all = STEPS_WITH_WEIGHT.reduce((sum, [weight]) => sum + weight, 0);
  let left = random.below(all);
  for (const [weight, step] of STEPS_WITH_WEIGHT) {
    if (left < weight) return step;
    left -= weight;
  }
  throw new Error('the weights have changed');
}

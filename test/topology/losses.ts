import { randomInt } from 'node:crypto';
import type { Bucket } from '@cb/promise';
import type { CouchbaseError } from '@cb/protocol';
import { effort } from '../effort/effort.js';
import { until } from './clients.js';
import { everywhere, Line, VARIES, type Way } from './line.js';
import type { Cut } from './relay.js';

/** Of so many places one is tried, from a random one on. */
const EVERY = effort(8, 1);

/** How many bytes went each way. */
interface Bytes {
  readonly up: number;
  readonly down: number;
}

/** Tests that a client that speaks to its node in this way gets over the loss of its connection, wherever that is. */
export function describeLosses(way: Way): void {
  test('a connection is lost in its bootstrap or a read, wherever it is, and both succeed', async () => {
    const bytes = await bytesOfRead(way);
    expect(bytes.up).toBeGreaterThan(200);
    expect(bytes.down).toBeGreaterThan(1000);
    const places = placesIn(bytes, VARIES[way.bytes], EVERY);
    let tried = 0;
    let cut = 0;
    await everywhere(way, places, async (line, place) => {
      const { relay } = line;
      const { accepted, cuts } = relay;
      relay.cut = (connection) => (connection === accepted ? place : {});
      const bucket = await line.connect();
      expect((await bucket.get('k')).value).toBe('kept');
      // The one that was cut, the next one, and no storm of them; with the last byte the read was answered already.
      expect(relay.accepted - accepted).toBeGreaterThanOrEqual(1);
      expect(relay.accepted - accepted).toBeLessThanOrEqual(3);
      bucket.destroy();
      tried++;
      cut += relay.cuts - cuts;
    });
    expect(tried).toBe(places.length);
    // Places beyond the end of a connection that was shorter than the one measured lose nothing.
    expect(cut).toBeGreaterThanOrEqual(places.length - 4 * VARIES[way.bytes]);
  }, 240_000);

  test('a connection is lost at every byte of a mutation, which takes effect once or not at all', async () => {
    const outcomes = { succeeded: 0, failed: 0, took: 0 };
    const bytes = await bytesOfMutation(way);
    expect(bytes.up).toBeGreaterThan(44);
    expect(bytes.down).toBeGreaterThan(24);
    const places = placesIn(bytes, 0, 1);
    let cut = 0;
    await everywhere(way, places, async (line, place) => {
      const bucket = await line.connect();
      const { cuts } = line.relay;
      line.relay.cutSoon(place);
      const name = nameFor(place);
      const error = await increment(bucket, name);
      cut += line.relay.cuts - cuts;
      const stored = line.cluster.bucket('default').peek(name)?.value.toString();
      if (error === undefined) {
        outcomes.succeeded++;
        expect(stored).toBe('1');
      } else {
        outcomes.failed++;
        expect(error).toMatchObject({ code: 'network_failure', ambiguous: true, attempts: 1 });
        expect([undefined, '1']).toContain(stored);
        if (stored !== undefined) outcomes.took++;
      }
      expect((await bucket.get('k')).value).toBe('kept');
      bucket.destroy();
    });
    expect(cut).toBe(places.length);
    expect(outcomes.succeeded).toBeGreaterThan(0);
    expect(outcomes.failed).toBeGreaterThan(outcomes.took);
    expect(outcomes.took).toBeGreaterThan(0);
  }, 240_000);

  test('a connection on which nothing is heard any more is found, and given up', async () => {
    await using line = await Line.open(way);
    const bucket = await line.connect('config_poll_interval=100');
    line.relay.silence();
    const [read, written] = [bucket.get('k'), bucket.upsert('w', 1).catch((error: CouchbaseError) => error)];
    expect((await read).value).toBe('kept');
    expect(await written).toMatchObject({ code: 'network_failure', ambiguous: true });
    expect(line.relay.accepted).toBe(2);
    // An idle connection is found likewise, before anybody needs it.
    line.relay.silence();
    await until(() => line.relay.accepted === 3);
    expect((await bucket.upsert('w', 2)).success).toBe(true);
    bucket.destroy();
  });
}

/**
 * The places where a connection can be cut: before its first byte, after each one, and some that it may not reach.
 * @param every of so many places one is taken
 */
function placesIn({ up, down }: Bytes, further: number, every: number): Cut[] {
  const range = (length: number): number[] => Array.from({ length: length + further + 1 }, (_none, at) => at);
  const all = [...range(up).map((at) => ({ up: at })), ...range(down).map((at) => ({ down: at }))];
  const first = randomInt(every);
  return all.filter((_place, at) => at % every === first);
}

/** What a client that connects and reads one document sends and receives. */
async function bytesOfRead(way: Way): Promise<Bytes> {
  await using line = await Line.open(way);
  const bucket = await line.connect();
  await bucket.get('k');
  const { up, down } = line.relay.last;
  bucket.destroy();
  return { up, down };
}

async function bytesOfMutation(way: Way): Promise<Bytes> {
  await using line = await Line.open(way);
  const bucket = await line.connect();
  const { up, down } = line.relay.last;
  expect(await increment(bucket, nameFor({ up: 0 }))).toBeUndefined();
  const { last } = line.relay;
  bucket.destroy();
  return { up: last.up - up, down: last.down - down };
}

/** The document of a place; all of these names are equally long. */
function nameFor({ up, down = 0 }: Cut): string {
  return `counter ${up === undefined ? 'd' : 'u'}${String(up ?? down).padStart(3, '0')}`;
}

function increment(bucket: Bucket, name: string): Promise<CouchbaseError | undefined> {
  return bucket.counter(name, { delta: 1, initial: 1 }).then(
    () => undefined,
    (thrown: CouchbaseError) => thrown,
  );
}

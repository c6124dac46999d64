import type { Endpoint } from '../../src/simulation/endpoint.js';
import { SimulatedNetwork } from '../../src/simulation/network.js';

const QUIET = { readable() {}, writable() {} };

/** A connection from host `a` to host `b`, with what arrives at its far end. */
async function connected(network: SimulatedNetwork, host = 'b'): Promise<{ near: Endpoint; received: () => string }> {
  const pieces: string[] = [];
  let far: Endpoint | undefined;
  network.listen(host, 1, (endpoint) => {
    far = endpoint;
    return {
      readable() {
        for (let piece = endpoint.read(); piece !== undefined; piece = endpoint.read()) pieces.push(String(piece));
      },
      writable() {},
    };
  });
  const near = network.connect('a', host, 1, QUIET);
  await network.schedule.run(network.now + 10_000);
  expect(far).toBeDefined();
  return { near, received: () => pieces.join('') };
}

test.each([1, 2, 3, 4, 5])('what waited for the end of a partition arrives in order, with seed %d', async (seed) => {
  const network = new SimulatedNetwork({ seed });
  const { near, received } = await connected(network);
  network.partition('a', 'b');
  const text = 'the quick brown fox jumps over the lazy dog';
  for (const letter of text) near.write(Buffer.from(letter));
  await network.schedule.run(network.now + 1_000_000);
  expect(received()).toBe('');
  network.heal();
  near.write(Buffer.from('!'));
  await network.schedule.run(network.now + 10_000);
  expect(received()).toBe(`${text}!`);
});

test('one of two partitions can end', async () => {
  const network = new SimulatedNetwork({ seed: 1 });
  const one = await connected(network, 'b');
  const other = await connected(network, 'c');
  network.partition('a', 'b');
  network.partition('a', 'c');
  one.near.write(Buffer.from('one'));
  other.near.write(Buffer.from('other'));
  await network.schedule.run(network.now + 10_000);
  network.heal('a', 'b');
  await network.schedule.run(network.now + 10_000);
  expect([one.received(), other.received()]).toEqual(['one', '']);
});

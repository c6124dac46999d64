import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { EmbeddedCluster } from '@cb/embedded';
import { Bucket, CancelledError, NotFoundError, TimeoutError } from '@cb/promise';

describe('a bucket that is not connected yet', () => {
  test('keeps operations in the order of the calls, also against those from callbacks of connecting', async () => {
    const cluster = await EmbeddedCluster.start();
    const { username, password } = cluster;
    const bucket = new Bucket(`${cluster.connectionString}/default`, { username, password });
    const first = bucket.upsert('e:1', 'first');
    const second = new Promise((resolve, reject) => {
      bucket.raw.connect().setCallbacks(
        () => bucket.raw.upsert('e:1', 'second').setCallbacks(resolve, (_result, _class, error) => reject(error)),
        (_result, _class, error) => reject(error),
      );
    });
    const third = bucket.get('e:1');
    await Promise.all([first, second]);
    expect((await third).value).toBe('second');
    await expect(bucket.get('e:none')).rejects.toThrow(NotFoundError);
    await bucket.close();
    await cluster.stop();
  });

  describe('of a server that does not answer', () => {
    let server: Server;
    let bucket: Bucket;

    beforeEach(async () => {
      server = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as AddressInfo;
      bucket = new Bucket(`couchbase://127.0.0.1:${port}/default`, { username: 'u', password: 'p' });
    });

    afterEach(() => {
      bucket.destroy();
      server.close();
    });

    test('ends an operation at its timeout, and not the connecting', async () => {
      await expect(bucket.get('e:2', { timeout: 50 })).rejects.toThrow(TimeoutError);
      expect(bucket.state).toBe('connecting');
    });

    test('ends an operation by its signal', async () => {
      const controller = new AbortController();
      const get = bucket.get('e:3', { signal: controller.signal });
      controller.abort('enough');
      await expect(get).rejects.toMatchObject({ code: 'cancelled', cause: 'enough' });
      const aborted = AbortSignal.abort();
      await expect(bucket.upsert('e:3', 1, { signal: aborted })).rejects.toThrow(CancelledError);
    });
  });
});

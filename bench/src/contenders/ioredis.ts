import type { Contender, ServerAddress } from '../contender.js';
import { promiseContender } from '../promise-contender.js';
import { loadRival } from '../rival.js';

interface IORedis {
  readonly Redis: new (options: { host: string; port: number; enableAutoPipelining: boolean }) => Client;
}

interface Client {
  get(key: string): Promise<string>;
  getBuffer(key: string): Promise<Buffer>;
  set(key: string, value: string): Promise<string>;
  disconnect(): void;
}

/** ioredis with automatic pipelining, its fastest mode; it stores text, so JSON is made and read here. */
export async function open({ host, port }: ServerAddress): Promise<Contender> {
  const { Redis } = await loadRival<IORedis>('ioredis');
  const client = new Redis({ host, port, enableAutoPipelining: true });
  return promiseContender({
    get: (key) => client.get(key),
    serialOf: (text) => JSON.parse(text).serial,
    getBytes: (key) => client.getBuffer(key),
    bytesOf: (bytes) => bytes,
    upsert: (key, beer) => client.set(key, JSON.stringify(beer)),
    isStored: (answer) => answer === 'OK',
    close: () => client.disconnect(),
  });
}

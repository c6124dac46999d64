import type { Contender, ServerAddress } from '../contender.js';
import { promiseContender } from '../promise-contender.js';
import { loadRival } from '../rival.js';

interface Memjs {
  readonly Client: { create(servers: string): Client };
}

interface Client {
  get(key: string): Promise<{ readonly value: Buffer }>;
  set(key: string, value: string, options: { expires: number }): Promise<boolean>;
  close(): void;
}

/** memjs, which speaks memcached's binary protocol too; it stores text, so JSON is made and read here. */
export async function open({ host, port }: ServerAddress): Promise<Contender> {
  const { Client } = await loadRival<Memjs>('memjs');
  const client = Client.create(`${host}:${port}`);
  return promiseContender({
    get: (key) => client.get(key),
    serialOf: (result) => JSON.parse(result.value.toString('utf8')).serial,
    getBytes: (key) => client.get(key),
    bytesOf: (result) => result.value,
    upsert: (key, beer) => client.set(key, JSON.stringify(beer), { expires: 0 }),
    isStored: (stored) => stored,
    close: () => client.close(),
  });
}

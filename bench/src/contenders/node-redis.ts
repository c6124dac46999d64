import type { Contender, ServerAddress } from '../contender.js';
import { promiseContender } from '../promise-contender.js';
import { loadRival } from '../rival.js';

interface NodeRedis {
  createClient(options: { socket: { host: string; port: number } }): Client;
}

interface Client {
  connect(): Promise<unknown>;
  get(key: string): Promise<string>;
  set(key: string, value: string): Promise<string>;
  destroy(): void;
}

/** node-redis, which pipelines by itself; it stores text, so JSON is made and read here. */
export async function open({ host, port }: ServerAddress): Promise<Contender> {
  const { createClient } = await loadRival<NodeRedis>('redis');
  const client = createClient({ socket: { host, port } });
  await client.connect();
  return promiseContender({
    get: (key) => client.get(key),
    serialOf: (text) => JSON.parse(text).serial,
    upsert: (key, beer) => client.set(key, JSON.stringify(beer)),
    isStored: (answer) => answer === 'OK',
    close: () => client.destroy(),
  });
}

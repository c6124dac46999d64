import type { Contender, ServerAddress } from '../contender.js';
import { promiseContender } from '../promise-contender.js';
import { loadRival } from '../rival.js';

interface NodeRedis {
  readonly RESP_TYPES: { readonly BLOB_STRING: number };
  createClient(options: { socket: { host: string; port: number } }): Client;
}

interface Client {
  connect(): Promise<unknown>;
  get(key: string): Promise<string>;
  withTypeMapping(mapping: Readonly<Record<number, unknown>>): { get(key: string): Promise<Buffer> };
  set(key: string, value: string): Promise<string>;
  destroy(): void;
}

/** node-redis, which pipelines by itself; it stores text, so JSON is made and read here. */
export async function open({ host, port }: ServerAddress): Promise<Contender> {
  const { createClient, RESP_TYPES } = await loadRival<NodeRedis>('redis');
  const client = createClient({ socket: { host, port } });
  await client.connect();
  const binary = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  return promiseContender({
    get: (key) => client.get(key),
    serialOf: (text) => JSON.parse(text).serial,
    getBytes: (key) => binary.get(key),
    bytesOf: (bytes) => bytes,
    upsert: (key, beer) => client.set(key, JSON.stringify(beer)),
    isStored: (answer) => answer === 'OK',
    close: () => client.destroy(),
  });
}
